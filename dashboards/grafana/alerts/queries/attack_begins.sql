-- Findings whose last evidence is at most half an hour old, by campaign. Early
-- ones may be taken back within the hour, and say so.
SELECT
    campaign,
    if(confidence = 'early', 'early sign', 'coordinated activity') AS sign,
    count() AS findings
FROM findings FINAL
WHERE state = 'open' AND declared = '' AND ended_at >= now64(3, 'UTC') - INTERVAL 30 MINUTE
    AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
GROUP BY campaign, sign
ORDER BY campaign, sign
