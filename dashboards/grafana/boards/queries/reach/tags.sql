-- Share of voice: posts with a tag out of all. A post with several tags is in each.
SELECT
    concat('#', b.tag) AS "tag",
    sum(b.posts) AS "posts",
    sum(b.posts) / (
        SELECT sum(posts) FROM reach FINAL
        WHERE {{whole}} AND step = {{sum_step}} AND $__timeFilter(at)
    ) AS "share of voice",
    sum(b.posts) - sum(b.coordinated_posts) - sum(b.declared_posts) AS "organic",
    sum(b.declared_posts) AS "declared",
    sum(b.coordinated_posts) AS "coordinated",
    sum(b.coordinated_posts) / sum(b.posts) AS "coordinated share",
    b.tag AS tag_key
FROM reach AS b FINAL
WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND b.tag != '' AND b.lang = ''
    AND step = {{sum_step}} AND $__timeFilter(at)
GROUP BY b.tag
HAVING sum(b.posts) > 0
ORDER BY sum(b.posts) DESC, b.tag
LIMIT 50
