-- Adds the hours of each account up to days, and replaces these.
INSERT INTO {accounts:Identifier}
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
        campaign, toStartOfDay(b.at, 'UTC') AS day, b.at AS at, platform, account_id, b.posts AS n, b.followers AS told,
        coordinated_posts AS n_coordinated, sure_posts AS n_sure, declared_posts AS n_declared, early_posts AS n_early
    FROM {accounts:Identifier} AS b FINAL
    WHERE campaign = {campaign:String} AND step = 3600
        AND b.at >= {from:DateTime('UTC')} AND b.at < {to:DateTime('UTC')}
        AND toStartOfDay(b.at, 'UTC') IN {days:Array(DateTime('UTC'))}
)
GROUP BY campaign, day, platform, account_id
