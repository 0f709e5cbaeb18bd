SELECT uniqExact(w.campaign) AS "campaigns"
FROM (SELECT source, campaign FROM watches GROUP BY source, campaign) AS w
INNER JOIN
(
    SELECT source, campaign FROM gaps FINAL
    WHERE to_at IS NULL AND share <= 0 AND cause NOT IN ('before', 'counts-only', 'not-watched') AND from_at <= $__toTime
) AS g ON g.source = w.source
WHERE g.campaign = '' OR g.campaign = w.campaign
