SELECT
    sum(reach.sure_posts) / sum(reach.posts) AS "at least",
    sum(reach.coordinated_posts) / sum(reach.posts) AS "coordinated share",
    (sum(reach.coordinated_posts) + sum(reach.early_posts)) / sum(reach.posts) AS "at most"
FROM reach FINAL
WHERE {{whole}}
    AND step = {{sum_step}} AND $__timeFilter(at)
HAVING sum(reach.posts) > 0
