-- Recomputes who posted how much in some hours from the posts, and replaces it.
-- Accounts that have lost all their posts are replaced by zeros.
INSERT INTO {accounts:Identifier}
WITH
    -- Where in the table these posts lie: reach_recompute.sql says why.
    lying AS
    (
        SELECT DISTINCT id_hour
        FROM posts
        WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
    )
SELECT
    {campaign:String} AS campaign,
    3600 AS step,
    at,
    platform,
    account_id,
    sum(n) AS posts,
    any(last_followers) AS followers,
    sum(n_coordinated),
    sum(n_sure),
    sum(n_declared),
    sum(n_early),
    {version:UInt64} AS version
FROM
(
    SELECT
        p.at AS at,
        p.platform AS platform,
        p.account_id AS account_id,
        count() AS n,
        argMax(p.followers, (p.posted_at, ifNull(p.followers, 0))) AS last_followers,
        countIf(arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.coordinated) AS is_coordinated) AS n_coordinated,
        countIf(arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.sure)) AS n_sure,
        countIf(NOT is_coordinated AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.declared) AS is_declared) AS n_declared,
        countIf(NOT is_coordinated AND NOT is_declared AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.early)) AS n_early
    FROM
    (
        SELECT toStartOfHour(toDateTime(posted_at, 'UTC')) AS at, platform, account_id, posted_at, followers
        FROM posts FINAL
        WHERE campaign = {campaign:String} AND id_hour IN (SELECT id_hour FROM lying)
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
    ) AS p
    LEFT JOIN (SELECT * FROM sides WHERE campaign = {campaign:String}) AS m ON m.platform = p.platform AND m.account_id = p.account_id
    GROUP BY at, platform, account_id
    UNION ALL
    SELECT at, platform, account_id, 0, NULL, 0, 0, 0, 0
    FROM {accounts:Identifier} AS b FINAL
    WHERE campaign = {campaign:String} AND step = 3600 AND at IN {hours:Array(DateTime('UTC'))} AND b.posts > 0
)
GROUP BY at, platform, account_id
