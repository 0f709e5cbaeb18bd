-- The twenty campaigns with the most posts.
SELECT at AS time, campaign, sum(reach.posts) AS "posts"
FROM reach FINAL
WHERE tag = '' AND lang = '' AND step = {{step}} AND $__timeFilter(at) AND campaign IN
(
    SELECT campaign FROM reach FINAL
    WHERE tag = '' AND lang = '' AND step = {{sum_step}} AND $__timeFilter(at)
    GROUP BY campaign ORDER BY sum(posts) DESC, campaign LIMIT 20
)
GROUP BY at, campaign
HAVING sum(reach.posts) > 0
ORDER BY at, campaign
