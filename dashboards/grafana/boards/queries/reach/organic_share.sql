SELECT
    (sum(reach.posts) - sum(reach.coordinated_posts) - sum(reach.declared_posts)) / sum(reach.posts) AS "organic",
    sum(reach.coordinated_posts) / sum(reach.posts) AS "coordinated",
    sum(reach.declared_posts) / sum(reach.posts) AS "declared"
FROM reach FINAL
WHERE {{scope}}
    AND step = {{sum_step}} AND $__timeFilter(at)
HAVING sum(reach.posts) > 0
