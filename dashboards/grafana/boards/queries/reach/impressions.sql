SELECT sum(reach.potential_impressions) AS "impressions"
FROM reach FINAL
WHERE {{scope}}
    AND step = {{sum_step}} AND $__timeFilter(at)
HAVING sum(reach.potential_impressions) > 0
