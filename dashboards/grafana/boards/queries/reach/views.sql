SELECT sum(reach.views) AS "views"
FROM reach FINAL
WHERE {{scope}}
    AND step = {{sum_step}} AND $__timeFilter(at)
HAVING sum(reach.views) > 0
