SELECT toUnixTimestamp64Milli(min(started_at)) AS "first evidence", toUnixTimestamp64Milli(max(ended_at)) AS "last evidence"
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND {{standing}} AND confidence != 'early' AND declared = '' AND {{overlaps}} AND {{here}}
HAVING count() > 0
