SELECT observed AS "observed", expected AS "by chance", bits AS "bits"
FROM findings FINAL
WHERE {{this}}
