WITH
    {{grid}}
SELECT
    g.at AS time,
    if(quiet OR n > 0, toInt64(n) - n_declared - n_coordinated, NULL) AS "organic",
    if(quiet OR n > 0, n_declared, NULL) AS "declared",
    if(quiet OR n > 0, n_coordinated, NULL) AS "coordinated"
FROM grid AS g
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS n, sum(reach.declared_posts) AS n_declared, sum(reach.coordinated_posts) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
