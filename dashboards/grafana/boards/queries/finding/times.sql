SELECT
    started_at AS "first evidence",
    if(detected_at = toDateTime64(0, 3, 'UTC'), NULL, detected_at) AS "enough evidence",
    ended_at AS "last evidence"
FROM findings FINAL
WHERE {{this}}
