SELECT
    toString(f.campaign) AS "campaign",
    {{finding_columns}},
    f.finding_id AS finding_id
FROM (SELECT * FROM findings FINAL WHERE state = 'open' AND {{overlaps}}) AS f
LEFT JOIN (SELECT campaign, finding_id, verdict FROM verdicts FINAL) AS v ON v.campaign = f.campaign AND v.finding_id = f.finding_id
ORDER BY f.started_at DESC, f.campaign, f.finding_id
LIMIT 200
