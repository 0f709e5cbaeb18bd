WITH
    {{grid}}
SELECT
    g.at AS time,
    if(quiet OR n > 0, n_sure, NULL) AS "high confidence",
    if(quiet OR n > 0, toInt64(n_coordinated) - n_sure, NULL) AS "firm",
    if(quiet OR n > 0, n_early, NULL) AS "early signs"
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
