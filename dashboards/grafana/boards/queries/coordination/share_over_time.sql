WITH
    {{grid}}
SELECT
    g.at AS time,
    if(n > 0, n_sure / n, NULL) AS "at least",
    if(n > 0, n_coordinated / n, NULL) AS "coordinated share",
    if(n > 0, (n_coordinated + n_early) / n, NULL) AS "at most"
FROM grid AS g
LEFT JOIN
(
    SELECT
        at, sum(reach.posts) AS n, sum(reach.coordinated_posts) AS n_coordinated, sum(reach.sure_posts) AS n_sure, sum(reach.early_posts) AS n_early
    FROM reach FINAL
    WHERE {{whole}}
        AND step = {{step}} AND $__timeFilter(at)
    GROUP BY at
) AS b ON b.at = g.at
ORDER BY time
