-- Each rush of a pile-on with the numbers that its bits are computed from.
SELECT
    min(from_at) AS "from",
    max(to_at) AS "to",
    maxIf(observed, name = 'accounts within the window') AS "accounts within 10 minutes",
    maxIf(base, name = 'accounts within the window') AS "usual",
    if(maxIf(of, name = 'young accounts') = 0, NULL, maxIf(observed, name = 'young accounts') / maxIf(of, name = 'young accounts')) AS "opened less than 30 days before",
    if(maxIf(of, name = 'young accounts') = 0, NULL, maxIf(base, name = 'young accounts')) AS "usual for young",
    if(maxIf(of, name = 'short or equal texts') = 0, NULL, maxIf(observed, name = 'short or equal texts') / maxIf(of, name = 'short or equal texts')) AS "short or equal texts",
    if(maxIf(of, name = 'short or equal texts') = 0, NULL, maxIf(base, name = 'short or equal texts')) AS "usual for texts",
    any(counted) AS "bits that count",
    finding_id
FROM finding_evidence FINAL
WHERE campaign = ${campaign:singlequote} AND kind = 'pile-on'
    AND (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE {{pile_ons}} AND declared = '')
GROUP BY finding_id, evidence
ORDER BY min(from_at), finding_id, evidence
LIMIT 200
