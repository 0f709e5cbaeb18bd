-- The same for the buckets of accounts.
WITH open_days AS
(
    SELECT DISTINCT toStartOfDay(hour, 'UTC') AS day FROM marks FINAL WHERE campaign = {campaign:String} AND done = 0
)
SELECT
    concat('step ', toString(step), ', platform ', platform, ', account ', account_id, ', from ', toString(at)) AS bucket,
    maxIf(numbers, side = 'stored') AS stored,
    maxIf(numbers, side = 'computed') AS computed,
    count() OVER () AS different
FROM
(
    SELECT
        'stored' AS side, step, toString(platform) AS platform, account_id, account_buckets.at AS at,
        toString(tuple(* EXCEPT (campaign, step, at, platform, account_id, version))) AS numbers
    FROM account_buckets FINAL WHERE campaign = {campaign:String} AND posts > 0
    UNION ALL
    SELECT
        'computed', step, toString(platform), account_id, account_buckets_check.at,
        toString(tuple(* EXCEPT (campaign, step, at, platform, account_id, version)))
    FROM account_buckets_check FINAL WHERE campaign = {campaign:String} AND posts > 0
)
WHERE toStartOfDay(at, 'UTC') NOT IN (SELECT day FROM open_days)
GROUP BY step, platform, account_id, at
HAVING stored != computed
ORDER BY step, platform, account_id, at
LIMIT {limit:UInt64}
