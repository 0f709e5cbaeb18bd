-- The findings that matter most, over all campaigns; those that may be taken
-- back after all others.
SELECT campaign, sentence, declared, confidence
FROM findings FINAL
WHERE state = 'open'
    AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
ORDER BY confidence = 'early', declared != '', accounts DESC, campaign, finding_id
LIMIT 20
