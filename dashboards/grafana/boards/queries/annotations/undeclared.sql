SELECT
    started_at AS time,
    ended_at AS timeEnd,
    concat('coordinated: ', kind) AS title,
    sentence AS text,
    concat('coordinated,', kind) AS tags
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND {{standing}} AND confidence != 'early' AND declared = '' AND {{overlaps}}
ORDER BY started_at, finding_id
LIMIT 200
