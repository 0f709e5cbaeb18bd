-- Campaigns with open marks, and the newest mark of each.
SELECT campaign, count() AS hours, max(version) AS upto, min(hour) AS first, max(hour) AS last
FROM marks FINAL
WHERE done = 0
GROUP BY campaign
ORDER BY campaign
