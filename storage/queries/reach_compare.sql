-- Buckets whose stored numbers are not those computed beside them, and how many
-- there are. Days with open marks are left out, and with any open mark the totals.
WITH open_days AS
(
    SELECT DISTINCT toStartOfDay(hour, 'UTC') AS day FROM marks FINAL WHERE campaign = {campaign:String} AND done = 0
)
SELECT
    concat('step ', toString(step), ', tag "', tag, '", language "', lang, '", platform ', platform, ', from ', toString(at)) AS bucket,
    maxIf(numbers, side = 'stored') AS stored,
    maxIf(numbers, side = 'computed') AS computed,
    count() OVER () AS different
FROM
(
    SELECT
        'stored' AS side, step, tag, toString(lang) AS lang, toString(platform) AS platform, reach.at AS at,
        toString(tuple(* EXCEPT (campaign, step, tag, lang, platform, at, version))) AS numbers
    FROM reach FINAL WHERE campaign = {campaign:String} AND posts > 0
    UNION ALL
    SELECT
        'computed', step, tag, toString(lang), toString(platform), reach_check.at,
        toString(tuple(* EXCEPT (campaign, step, tag, lang, platform, at, version)))
    FROM reach_check FINAL WHERE campaign = {campaign:String} AND posts > 0
)
WHERE (step = 0 OR at >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})) AND if(step = 0, (SELECT count() FROM open_days) = 0, toStartOfDay(at, 'UTC') NOT IN (SELECT day FROM open_days))
GROUP BY step, tag, lang, platform, at
HAVING stored != computed
ORDER BY step, tag, lang, platform, at
LIMIT {limit:UInt64}
