SELECT
    from_at AS time,
    to_at AS timeEnd,
    concat('announced: ', name) AS title,
    'An action that the campaign announced itself, as configured.' AS text,
    'declared' AS tags
FROM declared_actions FINAL
WHERE campaign = ${campaign:singlequote} AND gone = 0 AND from_at <= $__toTime AND to_at >= $__fromTime
ORDER BY from_at, name
LIMIT 200
