-- Days with open marks of one campaign and how many posts each day holds, by
-- which the recomputation is cut into pieces of bounded memory.
SELECT d.day AS day, p.posts AS posts
FROM
(
    SELECT DISTINCT toStartOfDay(hour) AS day
    FROM marks FINAL
    WHERE campaign = {campaign:String} AND done = 0 AND version <= {upto:UInt64}
) AS d
LEFT JOIN
(
    SELECT toStartOfDay(toDateTime(posted_at)) AS day, count() AS posts
    FROM posts
    WHERE campaign = {campaign:String}
    GROUP BY day
) AS p ON p.day = d.day
ORDER BY day
