WITH
    {{grid}}
{{split}}
LEFT JOIN
(
    SELECT at, sum(reach.posts) AS posts, sum(reach.accounts) AS n, sum(reach.coordinated_accounts) AS n_coordinated
    {{by_bucket}}
) AS b ON b.at = g.at
ORDER BY time
