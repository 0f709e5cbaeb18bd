WITH
    {{grid}}
{{split}}
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.replies) AS n, sum(reach.coordinated_replies) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
