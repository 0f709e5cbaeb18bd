SELECT sum(reach.posts) AS "posts"
FROM reach FINAL
WHERE {{scope}}
    AND step = {{sum_step}} AND $__timeFilter(at)
HAVING sum(reach.posts) > 0
