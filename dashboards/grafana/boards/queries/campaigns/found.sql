SELECT uniqExact(campaign) AS "campaigns"
FROM findings FINAL
WHERE {{standing}} AND confidence != 'early' AND declared = '' AND {{overlaps}}
