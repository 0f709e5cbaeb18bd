SELECT
    started_at AS "since",
    ended_at AS "until",
    toString(kind) AS "kind",
    sentence AS "what was seen",
    if(f.declared = '', 'no', concat('declared: ', f.declared)) AS "declared",
    multiIf(f.confidence = 'early', 'early, may be taken back', f.confidence = '', 'not known', f.confidence) AS "confidence",
    if(v.verdict = '', 'none', toString(v.verdict)) AS "verdict",
    accounts AS "accounts",
    posts AS "posts",
    observed AS "observed",
    expected AS "by chance",
    bits AS "bits",
    toUnixTimestamp64Milli(started_at) - 600000 AS from_ms,
    toUnixTimestamp64Milli(ended_at) + 600000 AS to_ms,
    f.finding_id AS finding_id
FROM (SELECT * FROM findings FINAL WHERE campaign = ${campaign:singlequote} AND state = 'open' AND {{overlaps}} AND {{here}}) AS f
LEFT JOIN (SELECT campaign, finding_id, verdict FROM verdicts FINAL) AS v ON v.campaign = f.campaign AND v.finding_id = f.finding_id
ORDER BY f.declared != '', v.verdict = 'wrong', f.confidence = 'early', f.accounts DESC, f.started_at, f.finding_id
LIMIT 200
