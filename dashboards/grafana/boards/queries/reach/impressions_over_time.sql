WITH
    {{grid}}
{{split}}
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.potential_impressions) AS n, sum(reach.coordinated_impressions) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
