WITH
    {{grid}}
{{split}}
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.likes) AS n, sum(reach.coordinated_likes) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
