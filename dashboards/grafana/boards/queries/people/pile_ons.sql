SELECT countIf(confidence != 'early') AS "pile-ons", countIf(confidence = 'early') AS "early signs"
FROM findings FINAL
WHERE {{pile_ons}} AND declared = ''
