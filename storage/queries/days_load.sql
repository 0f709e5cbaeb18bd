-- Days of a campaign and how many posts their hours hold.
SELECT toStartOfDay(at, 'UTC') AS day, sum(b.posts) AS n
FROM {reach:Identifier} AS b FINAL
WHERE campaign = {campaign:String} AND step = 3600 AND tag = '' AND lang = ''
    AND toStartOfDay(at, 'UTC') IN {days:Array(DateTime('UTC'))}
GROUP BY day
ORDER BY day
