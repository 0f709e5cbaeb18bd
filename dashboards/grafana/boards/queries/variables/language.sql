-- The most used languages of the days shown.
SELECT value, label
FROM
(
    SELECT '*' AS value, 'all languages' AS label, toUInt64(0) AS n, 0 AS place
    UNION ALL
    SELECT toString(lang), toString(lang), sum(reach.posts), 1
    FROM reach FINAL
    WHERE campaign = ${campaign:singlequote} AND step = 86400 AND tag = '' AND lang != ''
        AND at >= toStartOfDay($__fromTime, 'UTC') AND at <= $__toTime
    GROUP BY lang
    HAVING sum(reach.posts) > 0
    ORDER BY 3 DESC, 1
    LIMIT 100
)
ORDER BY place, n DESC, value
