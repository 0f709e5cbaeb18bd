state = 'open' AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
