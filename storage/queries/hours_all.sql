-- Every hour of a campaign, as far back as it goes, that holds posts or has buckets, and how many posts.
SELECT hour, sum(n) AS posts
FROM
(
    SELECT toStartOfHour(toDateTime(posted_at, 'UTC')) AS hour, count() AS n
    FROM posts
    WHERE campaign = {campaign:String}
    GROUP BY hour
    UNION ALL
    SELECT DISTINCT at, 0
    FROM reach
    WHERE campaign = {campaign:String} AND step = 3600
)
WHERE hour >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
GROUP BY hour
ORDER BY hour
