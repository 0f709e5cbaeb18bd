SELECT
    {{finding_columns}},
    f.finding_id AS finding_id
FROM (SELECT * FROM findings FINAL WHERE campaign = ${campaign:singlequote} AND state = 'open' AND {{overlaps}} AND {{here}}) AS f
LEFT JOIN (SELECT campaign, finding_id, verdict FROM verdicts FINAL) AS v ON v.campaign = f.campaign AND v.finding_id = f.finding_id
ORDER BY f.declared != '', v.verdict = 'wrong', f.confidence = 'early', f.accounts DESC, f.started_at, f.finding_id
LIMIT 200
