WITH
    {{grid}}
{{split}}
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.views) AS n, sum(reach.coordinated_views) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
