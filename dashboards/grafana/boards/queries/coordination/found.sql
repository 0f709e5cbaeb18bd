SELECT count() AS "findings"
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND {{standing}} AND declared = '' AND confidence != 'early' AND {{overlaps}} AND {{here}}
