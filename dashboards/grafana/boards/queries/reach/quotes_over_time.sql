WITH
    {{grid}}
SELECT
    g.at AS time,
    if(quiet OR posts > 0, toInt64(n) - n_coordinated, NULL) AS "not coordinated",
    if(quiet OR posts > 0, n_coordinated, NULL) AS "coordinated"
FROM grid AS g
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.quotes) AS n, sum(reach.coordinated_quotes) AS n_coordinated
    FROM reach FINAL
    WHERE {{scope}}
        AND step = {{step}} AND $__timeFilter(at)
    GROUP BY at
) AS b ON b.at = g.at
ORDER BY time
