-- Recomputes the buckets of the marked hours (grain 3600) or of the days that
-- hold them (grain 86400) from the posts, and replaces them. Buckets that have
-- lost all their posts are replaced by zeros.
INSERT INTO reach
WITH
    touched AS
    (
        SELECT DISTINCT intDiv(toUnixTimestamp(hour), {grain:UInt32}) AS grain
        FROM marks FINAL
        WHERE campaign = {campaign:String} AND done = 0 AND version <= {upto:UInt64}
            AND hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')}
    ),
    -- When which account counts as coordinated or declared: from its first to
    -- its last evidence in an open finding. Early findings may be taken back
    -- within the hour and count nobody.
    spans AS
    (
        SELECT
            platform,
            account_id,
            groupArrayIf((first_at, last_at), declared = '') AS coordinated_spans,
            groupArrayIf((first_at, last_at), declared != '') AS declared_spans
        FROM
        (
            SELECT a.platform AS platform, a.account_id AS account_id, a.first_at AS first_at, a.last_at AS last_at, f.declared AS declared
            FROM (SELECT * FROM finding_accounts FINAL WHERE campaign = {campaign:String}) AS a
            INNER JOIN (SELECT finding_id, declared, version FROM findings FINAL WHERE campaign = {campaign:String} AND state = 'open' AND confidence != 'early') AS f
                ON a.finding_id = f.finding_id AND a.version = f.version
        )
        GROUP BY platform, account_id
    ),
    judged AS
    (
        SELECT
            p.platform AS platform,
            p.account_id AS account_id,
            p.post_id AS post_id,
            p.posted_at AS posted_at,
            p.grain AS grain,
            p.tags AS tags,
            p.followers AS followers,
            p.views AS views,
            p.likes AS likes,
            p.reposts AS reposts,
            p.replies AS replies,
            p.quotes AS quotes,
            arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, sp.coordinated_spans) AS is_coordinated,
            NOT is_coordinated AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, sp.declared_spans) AS is_declared
        FROM
        (
            SELECT *, intDiv(toUnixTimestamp(toDateTime(posted_at)), {grain:UInt32}) AS grain
            FROM posts FINAL
            WHERE campaign = {campaign:String}
                AND posted_at >= {from:DateTime('UTC')} AND posted_at < {to:DateTime('UTC')}
        ) AS p
        LEFT JOIN spans AS sp ON p.platform = sp.platform AND p.account_id = sp.account_id
        WHERE p.grain IN (SELECT grain FROM touched)
    ),
    -- Only the hundred most used tags of an hour or day get buckets of their
    -- own: a flood of random tags must not flood the table.
    kept AS
    (
        SELECT grain, tag
        FROM (SELECT grain, arrayJoin(tags) AS tag, count() AS uses FROM judged GROUP BY grain, tag)
        ORDER BY grain, uses DESC, tag
        LIMIT 100 BY grain
    ),
    by_account AS
    (
        SELECT
            step,
            tag,
            platform,
            toDateTime(intDiv(toUnixTimestamp(toDateTime(posted_at)), step) * step, 'UTC') AS at,
            account_id,
            count() AS posts,
            argMax(followers, (posted_at, post_id)) AS reach,
            sum(ifNull(followers, 0)) AS impressions,
            sum(ifNull(views, 0)) AS views,
            sum(ifNull(likes, 0)) AS likes,
            sum(ifNull(reposts, 0)) AS reposts,
            sum(ifNull(replies, 0)) AS replies,
            sum(ifNull(quotes, 0)) AS quotes,
            countIf(is_coordinated) AS coordinated,
            countIf(is_declared) AS declared
        FROM
        (
            SELECT *, arrayJoin(arrayConcat([''], tags)) AS tag, arrayJoin({steps:Array(UInt32)}) AS step
            FROM judged
        )
        WHERE tag = '' OR (grain, tag) IN (SELECT grain, tag FROM kept)
        GROUP BY step, tag, platform, at, account_id
    )
SELECT
    {campaign:String} AS campaign,
    step,
    tag,
    platform,
    at,
    sum(n_posts),
    sum(n_accounts),
    sum(n_known),
    sum(n_reach),
    sum(n_impressions),
    sum(n_views),
    sum(n_likes),
    sum(n_reposts),
    sum(n_replies),
    sum(n_quotes),
    sum(n_coordinated_posts),
    sum(n_coordinated_accounts),
    sum(n_coordinated_reach),
    sum(n_declared_posts),
    sum(n_declared_accounts),
    {version:UInt64} AS version
FROM
(
    SELECT
        step, tag, platform, at,
        sum(posts) AS n_posts,
        count() AS n_accounts,
        countIf(reach IS NOT NULL) AS n_known,
        sum(ifNull(reach, 0)) AS n_reach,
        sum(impressions) AS n_impressions,
        sum(views) AS n_views,
        sum(likes) AS n_likes,
        sum(reposts) AS n_reposts,
        sum(replies) AS n_replies,
        sum(quotes) AS n_quotes,
        sum(coordinated) AS n_coordinated_posts,
        countIf(coordinated > 0) AS n_coordinated_accounts,
        sumIf(ifNull(reach, 0), coordinated > 0) AS n_coordinated_reach,
        sum(declared) AS n_declared_posts,
        countIf(declared > 0) AS n_declared_accounts
    FROM by_account
    GROUP BY step, tag, platform, at
    UNION ALL
    SELECT step, tag, platform, at, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM reach FINAL
    WHERE campaign = {campaign:String} AND has({steps:Array(UInt32)}, step) AND posts > 0
        AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
        AND intDiv(toUnixTimestamp(at), {grain:UInt32}) IN (SELECT grain FROM touched)
)
GROUP BY step, tag, platform, at
