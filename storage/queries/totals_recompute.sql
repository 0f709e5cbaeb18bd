-- Recomputes what a campaign holds altogether, as far back as it goes, from its days
-- and its audience.
INSERT INTO {reach:Identifier}
SELECT
    d.campaign, 0, '', '', d.platform, toDateTime(0, 'UTC'), d.first_at, d.last_at,
    d.posts, a.accounts, a.known, a.reach, d.impressions, d.views, d.likes, d.reposts, d.replies, d.quotes,
    d.coordinated_posts, a.coordinated_accounts, a.coordinated_reach, d.coordinated_impressions,
    d.coordinated_views, d.coordinated_likes, d.coordinated_reposts, d.coordinated_replies, d.coordinated_quotes,
    d.sure_posts, a.sure_accounts, d.declared_posts, a.declared_accounts, d.early_posts, a.early_accounts,
    {version:UInt64} AS version
FROM
(
    SELECT
        campaign, platform,
        min(if(b.posts > 0, b.first_at, NULL)) AS first_at,
        max(if(b.posts > 0, b.last_at, NULL)) AS last_at,
        sum(b.posts) AS posts,
        sum(potential_impressions) AS impressions,
        sum(b.views) AS views, sum(b.likes) AS likes, sum(b.reposts) AS reposts, sum(b.replies) AS replies, sum(b.quotes) AS quotes,
        sum(b.coordinated_posts) AS coordinated_posts, sum(b.coordinated_impressions) AS coordinated_impressions,
        sum(b.coordinated_views) AS coordinated_views, sum(b.coordinated_likes) AS coordinated_likes,
        sum(b.coordinated_reposts) AS coordinated_reposts, sum(b.coordinated_replies) AS coordinated_replies,
        sum(b.coordinated_quotes) AS coordinated_quotes,
        sum(b.sure_posts) AS sure_posts, sum(b.declared_posts) AS declared_posts, sum(b.early_posts) AS early_posts
    FROM {reach:Identifier} AS b FINAL
    WHERE campaign = {campaign:String} AND step = 86400 AND tag = '' AND lang = ''
        AND b.at >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
    GROUP BY campaign, platform
) AS d
LEFT JOIN
(
    SELECT
        platform,
        toUInt64(sum(k.accounts)) AS accounts,
        toUInt64(sum(k.reach_known)) AS known,
        toUInt64(sum(k.potential_reach)) AS reach,
        toUInt64(sum(k.coordinated_accounts)) AS coordinated_accounts,
        toUInt64(sum(k.coordinated_reach)) AS coordinated_reach,
        toUInt64(sum(k.sure_accounts)) AS sure_accounts,
        toUInt64(sum(k.declared_accounts)) AS declared_accounts,
        toUInt64(sum(k.early_accounts)) AS early_accounts
    FROM {audience:Identifier} AS k FINAL
    WHERE campaign = {campaign:String} AND step = 86400
        AND k.at >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
        AND k.since >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
    GROUP BY platform
) AS a ON a.platform = d.platform
