SELECT
    toString(b.lang) AS "language",
    sum(b.posts) - sum(b.coordinated_posts) - sum(b.declared_posts) AS "organic",
    sum(b.declared_posts) AS "declared",
    sum(b.coordinated_posts) AS "coordinated"
FROM reach AS b FINAL
WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND tag = '' AND lang != ''
    AND step = {{sum_step}} AND $__timeFilter(at)
GROUP BY b.lang
HAVING sum(b.posts) > 0
ORDER BY sum(b.posts) DESC, b.lang
LIMIT 15
