-- Adds the hours of each account up to days, and replaces these.
INSERT INTO account_buckets
SELECT
    campaign,
    86400 AS step,
    day,
    platform,
    account_id,
    sum(n) AS posts,
    argMaxIf(told, at, n > 0) AS followers,
    sum(n_coordinated),
    sum(n_sure),
    sum(n_declared),
    sum(n_early),
    {version:UInt64} AS version
FROM
(
    SELECT
        campaign, toStartOfDay(account_buckets.at, 'UTC') AS day, account_buckets.at AS at, platform, account_id, account_buckets.posts AS n, account_buckets.followers AS told,
        coordinated_posts AS n_coordinated, sure_posts AS n_sure, declared_posts AS n_declared, early_posts AS n_early
    FROM account_buckets FINAL
    WHERE campaign = {campaign:String} AND step = 3600
        AND account_buckets.at >= {from:DateTime('UTC')} AND account_buckets.at < {to:DateTime('UTC')}
        AND toStartOfDay(account_buckets.at, 'UTC') IN {days:Array(DateTime('UTC'))}
)
GROUP BY campaign, day, platform, account_id
