SELECT uniqExact(campaign) AS "campaigns"
FROM reach FINAL
WHERE step = 86400 AND tag = '' AND lang = '' AND posts > 0 AND at <= $__toTime AND at > $__fromTime - INTERVAL 1 DAY
