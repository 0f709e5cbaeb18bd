-- Unique accounts of a campaign in a span of whole hours and their followers, each
-- account with the number told last. Whole days are read as days.
WITH
    toStartOfDay({from:DateTime('UTC')} + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay({to:DateTime('UTC')}, 'UTC') AS end_day
SELECT
    count() AS accounts,
    countIf(told IS NOT NULL) AS reach_known,
    sum(ifNull(told, 0)) AS potential_reach,
    countIf(n_coordinated > 0) AS coordinated_accounts,
    countIf(n_sure > 0) AS sure_accounts,
    sumIf(ifNull(told, 0), n_coordinated > 0) AS coordinated_reach,
    countIf(n_declared > 0) AS declared_accounts,
    countIf(n_early > 0) AS early_accounts
FROM
(
    SELECT
        platform, account_id,
        argMax(followers, at) AS told,
        sum(coordinated_posts) AS n_coordinated,
        sum(sure_posts) AS n_sure,
        sum(declared_posts) AS n_declared,
        sum(early_posts) AS n_early
    FROM
    (
        SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, declared_posts, early_posts
        FROM account_buckets FINAL
        WHERE campaign = {campaign:String} AND step = 86400 AND posts > 0 AND at >= first_day AND at < end_day
        UNION ALL
        SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, declared_posts, early_posts
        FROM account_buckets FINAL
        WHERE campaign = {campaign:String} AND step = 3600 AND posts > 0
            AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')} AND NOT (at >= first_day AND at < end_day)
    )
    GROUP BY platform, account_id
)
