SELECT
    started_at AS time,
    ended_at AS timeEnd,
    concat('early sign: ', kind) AS title,
    concat(sentence, ' It may be taken back within the hour.') AS text,
    concat('early,', kind) AS tags
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND {{standing}} AND confidence = 'early' AND declared = '' AND {{overlaps}}
ORDER BY started_at, finding_id
LIMIT 200
