-- In milliseconds, which a panel of numbers writes as times.
SELECT
    toUnixTimestamp64Milli(started_at) AS "first evidence",
    if(detected_at = toDateTime64(0, 3, 'UTC'), NULL, toUnixTimestamp64Milli(detected_at)) AS "enough evidence",
    toUnixTimestamp64Milli(ended_at) AS "last evidence"
FROM findings FINAL
WHERE {{this}}
