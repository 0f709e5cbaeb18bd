SELECT
    f.sentence AS "what was seen",
    f.finding_id AS "finding",
    toString(f.kind) AS "kind",
    multiIf(f.confidence = 'early', 'early, may be taken back within the hour', f.confidence = '', 'not known', f.confidence) AS "confidence",
    if(f.declared = '', 'no', concat('declared: ', f.declared)) AS "declared",
    if(f.state = 'merged', concat('merged into ', f.merged_into), toString(f.state)) AS "state",
    if(v.verdict = '', 'none', concat(v.verdict, if(v.author = '', '', concat(', says ', v.author)), if(v.note = '', '', concat(': ', v.note)))) AS "verdict of a person"
FROM (SELECT * FROM findings FINAL WHERE {{this}}) AS f
LEFT JOIN (SELECT campaign, finding_id, verdict, note, author FROM verdicts FINAL WHERE {{this}}) AS v ON v.campaign = f.campaign AND v.finding_id = f.finding_id
