SELECT uniqExact(source) AS "sources"
FROM gaps FINAL
WHERE to_at IS NULL AND share < 1 AND cause != 'before' AND from_at <= $__toTime AND platform IN (${platform:singlequote})
    AND (campaign = ${campaign:singlequote} OR campaign = '' AND source IN (SELECT source FROM watches WHERE campaign = ${campaign:singlequote}))
