SELECT uniqExact(target) AS "accounts"
FROM findings FINAL
WHERE {{pile_ons}} AND declared = '' AND confidence != 'early'
