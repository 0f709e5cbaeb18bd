-- The findings that matter most, over all campaigns.
SELECT campaign, sentence, declared
FROM findings FINAL
WHERE state = 'open'
ORDER BY declared != '', accounts DESC, campaign, finding_id
LIMIT 20
