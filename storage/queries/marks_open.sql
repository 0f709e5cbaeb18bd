-- Campaigns with open marks, how many, and the newest mark of each.
SELECT
    campaign, countIf(cause = 'posts') AS by_posts, countIf(cause = 'findings') AS by_findings, countIf(cause = 'days') AS days,
    countIf(cause = 'reading') AS reading,
    max(version) AS upto
FROM marks FINAL
WHERE done = 0
GROUP BY campaign
ORDER BY campaign
