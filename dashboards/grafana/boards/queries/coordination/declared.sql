SELECT count() AS "findings"
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND {{standing}} AND declared != '' AND {{overlaps}} AND {{here}}
