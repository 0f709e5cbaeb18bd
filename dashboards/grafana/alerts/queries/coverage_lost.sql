-- Sources that have seen nothing for five minutes or more and still do not, and why.
-- What is left out on purpose, to stay within the budget or as configured, is not
-- among them.
SELECT
    source,
    if(campaign = '', 'all that it watches', toString(campaign)) AS concerns,
    cause,
    toFloat64(max(dateDiff('second', from_at, now64(3, 'UTC')))) AS seconds
FROM gaps FINAL
WHERE to_at IS NULL AND share <= 0 AND cause NOT IN ('before', 'budget', 'counts-only', 'not-watched')
    AND from_at <= now64(3, 'UTC') - INTERVAL 5 MINUTE
GROUP BY source, concerns, cause
ORDER BY source, concerns, cause
