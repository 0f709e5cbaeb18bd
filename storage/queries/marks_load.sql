-- The hours of a campaign with open marks, as far back as it goes, and how many posts each holds, by which
-- the recomputation is cut into pieces of bounded memory.
WITH touched AS
(
    SELECT DISTINCT hour
    FROM marks FINAL
    WHERE campaign = {campaign:String} AND cause IN ('posts', 'findings') AND done = 0 AND version <= {upto:UInt64}
        AND hour >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
)
SELECT t.hour AS hour, p.posts AS posts
FROM touched AS t
LEFT JOIN
(
    SELECT toStartOfHour(toDateTime(posted_at, 'UTC')) AS hour, count() AS posts
    FROM posts
    WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN (SELECT hour FROM touched)
    GROUP BY hour
) AS p ON p.hour = t.hour
ORDER BY hour
