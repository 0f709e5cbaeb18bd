-- The same for what is added to the audience of spans. What would be added to spans
-- that begin before posts were let go of is of no use to anybody.
WITH open_days AS
(
    SELECT DISTINCT toStartOfDay(hour, 'UTC') AS day FROM marks FINAL WHERE campaign = {campaign:String} AND done = 0 AND cause != 'reading'
)
SELECT
    concat('step ', toString(step), ', platform ', platform, ', from ', toString(at), ', since ', toString(since)) AS bucket,
    maxIf(numbers, side = 'stored') AS stored,
    maxIf(numbers, side = 'computed') AS computed,
    count() OVER () AS different
FROM
(
    SELECT
        'stored' AS side, step, toString(platform) AS platform, audience.at AS at, since,
        toString(tuple(* EXCEPT (campaign, step, at, platform, since, version))) AS numbers
    FROM audience FINAL WHERE campaign = {campaign:String}
    UNION ALL
    SELECT
        'computed', step, toString(platform), audience_check.at, since,
        toString(tuple(* EXCEPT (campaign, step, at, platform, since, version)))
    FROM audience_check FINAL WHERE campaign = {campaign:String}
)
-- Any open mark may change what all later days add.
WHERE numbers != '(0,0,0,0,0,0,0,0)' AND since >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
    AND ((SELECT count() FROM open_days) = 0 OR toStartOfDay(at, 'UTC') < (SELECT min(day) FROM open_days))
GROUP BY step, platform, at, since
HAVING stored != computed
ORDER BY step, platform, at, since
LIMIT {limit:UInt64}
