-- Recomputes buckets of some lengths from the posts of some hours, which fill
-- them, and replaces them. Buckets that have lost all their posts are replaced by
-- zeros.
INSERT INTO {reach:Identifier}
WITH
    judged AS
    (
        SELECT
            p.platform AS platform,
            p.account_id AS account_id,
            p.post_id AS post_id,
            p.posted_at AS posted_at,
            p.grain AS grain,
            arrayConcat([('', '')], arrayMap(t -> (t, ''), p.tags), if(p.lang = '', [], [('', p.lang)])) AS parts,
            p.followers AS followers,
            p.views AS views,
            p.likes AS likes,
            p.reposts AS reposts,
            p.replies AS replies,
            p.quotes AS quotes,
            arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.coordinated) AS is_coordinated,
            arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.sure) AS is_sure,
            NOT is_coordinated AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.declared) AS is_declared,
            NOT is_coordinated AND NOT is_declared AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.early) AS is_early
        FROM
        (
            SELECT
                platform, account_id, post_id, posted_at, arrayMap(t -> toString(t), tags) AS tags, toString(lang) AS lang, followers,
                ifNull(views, 0) AS views, ifNull(likes, 0) AS likes, ifNull(reposts, 0) AS reposts, ifNull(replies, 0) AS replies, ifNull(quotes, 0) AS quotes,
                intDiv(toUnixTimestamp(toDateTime(posted_at, 'UTC')), {grain:UInt32}) AS grain
            FROM posts FINAL
            WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
        ) AS p
        LEFT JOIN (SELECT * FROM sides WHERE campaign = {campaign:String}) AS m ON m.platform = p.platform AND m.account_id = p.account_id
    ),
    -- Only the hundred most used tags and languages each of an hour or day get
    -- buckets of their own: a flood of random tags must not flood the table.
    kept AS
    (
        SELECT grain, part
        FROM
        (
            SELECT
                intDiv(toUnixTimestamp(toDateTime(posted_at, 'UTC')), {grain:UInt32}) AS grain,
                arrayJoin(arrayConcat(arrayMap(t -> (toString(t), ''), tags), if(lang = '', [], [('', toString(lang))]))) AS part,
                count() AS uses
            FROM posts FINAL
            WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
            GROUP BY grain, part
        )
        ORDER BY grain, part.1 = '', uses DESC, part
        LIMIT 100 BY grain, part.1 = ''
    ),
    by_account AS
    (
        SELECT
            step,
            part,
            platform,
            toDateTime(intDiv(toUnixTimestamp(toDateTime(posted_at, 'UTC')), step) * step, 'UTC') AS at,
            account_id,
            min(posted_at) AS first_at,
            max(posted_at) AS last_at,
            count() AS posts,
            argMax(followers, (posted_at, post_id)) AS reach,
            sum(ifNull(followers, 0)) AS impressions,
            sum(j.views) AS views,
            sum(j.likes) AS likes,
            sum(j.reposts) AS reposts,
            sum(j.replies) AS replies,
            sum(j.quotes) AS quotes,
            countIf(is_coordinated) AS coordinated,
            sumIf(ifNull(followers, 0), is_coordinated) AS coordinated_impressions,
            sumIf(j.views, is_coordinated) AS coordinated_views,
            sumIf(j.likes, is_coordinated) AS coordinated_likes,
            sumIf(j.reposts, is_coordinated) AS coordinated_reposts,
            sumIf(j.replies, is_coordinated) AS coordinated_replies,
            sumIf(j.quotes, is_coordinated) AS coordinated_quotes,
            countIf(is_sure) AS sure,
            countIf(is_declared) AS declared,
            countIf(is_early) AS early
        FROM
        (
            SELECT *, arrayJoin(parts) AS part, arrayJoin({steps:Array(UInt32)}) AS step
            FROM judged
        ) AS j
        WHERE part = ('', '') OR (grain, part) IN (SELECT grain, part FROM kept)
        GROUP BY step, part, platform, at, account_id
    )
SELECT
    {campaign:String} AS campaign,
    step,
    part.1 AS tag,
    part.2 AS lang,
    platform,
    at,
    min(n_first), max(n_last),
    sum(n_posts), sum(n_accounts), sum(n_known), sum(n_reach), sum(n_impressions),
    sum(n_views), sum(n_likes), sum(n_reposts), sum(n_replies), sum(n_quotes),
    sum(n_coordinated_posts), sum(n_coordinated_accounts), sum(n_coordinated_reach), sum(n_coordinated_impressions),
    sum(n_coordinated_views), sum(n_coordinated_likes), sum(n_coordinated_reposts), sum(n_coordinated_replies), sum(n_coordinated_quotes),
    sum(n_sure_posts), sum(n_sure_accounts), sum(n_declared_posts), sum(n_declared_accounts), sum(n_early_posts), sum(n_early_accounts),
    {version:UInt64} AS version
FROM
(
    SELECT
        step, part, platform, at,
        toNullable(min(first_at)) AS n_first,
        toNullable(max(last_at)) AS n_last,
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
        sum(by_account.coordinated_impressions) AS n_coordinated_impressions,
        sum(by_account.coordinated_views) AS n_coordinated_views,
        sum(by_account.coordinated_likes) AS n_coordinated_likes,
        sum(by_account.coordinated_reposts) AS n_coordinated_reposts,
        sum(by_account.coordinated_replies) AS n_coordinated_replies,
        sum(by_account.coordinated_quotes) AS n_coordinated_quotes,
        sum(sure) AS n_sure_posts,
        countIf(sure > 0) AS n_sure_accounts,
        sum(declared) AS n_declared_posts,
        countIf(declared > 0) AS n_declared_accounts,
        sum(early) AS n_early_posts,
        countIf(early > 0) AS n_early_accounts
    FROM by_account
    GROUP BY step, part, platform, at
    UNION ALL
    SELECT step, (tag, toString(lang)), platform, at, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM {reach:Identifier} FINAL
    WHERE campaign = {campaign:String} AND has({steps:Array(UInt32)}, step) AND posts > 0
        AND at >= arrayMin({hours:Array(DateTime('UTC'))}) AND at <= arrayMax({hours:Array(DateTime('UTC'))}) + INTERVAL 1 HOUR
        AND toStartOfHour(at) IN {hours:Array(DateTime('UTC'))}
)
GROUP BY step, part, platform, at
