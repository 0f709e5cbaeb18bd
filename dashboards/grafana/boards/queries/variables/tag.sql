-- The most used tags of the days shown. Posts of several tags do not add up, so one is chosen.
SELECT value, label
FROM
(
    SELECT '*' AS value, 'whole campaign' AS label, toUInt64(0) AS n, 0 AS place
    UNION ALL
    SELECT tag, concat('#', tag), sum(reach.posts), 1
    FROM reach FINAL
    WHERE campaign = ${campaign:singlequote} AND step = 86400 AND tag != '' AND lang = ''
        AND at >= toStartOfDay($__fromTime, 'UTC') AND at <= $__toTime
    GROUP BY tag
    HAVING sum(reach.posts) > 0
    ORDER BY 3 DESC, 1
    LIMIT 200
)
ORDER BY place, n DESC, value
