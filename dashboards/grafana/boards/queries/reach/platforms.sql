SELECT
    transform(b.platform, ['x', 'mastodon', 'bluesky', 'archive'], ['X', 'Mastodon', 'Bluesky', 'Archive'], toString(b.platform)) AS "posted on",
    sum(b.posts) - sum(b.coordinated_posts) - sum(b.declared_posts) AS "organic",
    sum(b.declared_posts) AS "declared",
    sum(b.coordinated_posts) AS "coordinated"
FROM reach AS b FINAL
WHERE {{scope}}
    AND step = {{sum_step}} AND $__timeFilter(at)
GROUP BY b.platform
HAVING sum(b.posts) > 0
ORDER BY sum(b.posts) DESC, b.platform
