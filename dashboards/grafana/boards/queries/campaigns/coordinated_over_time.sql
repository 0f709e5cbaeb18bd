-- The twenty campaigns with the most coordinated posts.
SELECT at AS time, campaign, sum(reach.coordinated_posts) AS "coordinated posts"
FROM reach FINAL
WHERE tag = '' AND lang = '' AND step = {{step}} AND $__timeFilter(at) AND campaign IN
(
    SELECT campaign FROM reach FINAL
    WHERE tag = '' AND lang = '' AND step = {{sum_step}} AND $__timeFilter(at)
    GROUP BY campaign HAVING sum(coordinated_posts) > 0 ORDER BY sum(coordinated_posts) DESC, campaign LIMIT 20
)
GROUP BY at, campaign
HAVING sum(reach.coordinated_posts) > 0
ORDER BY at, campaign
