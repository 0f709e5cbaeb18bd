-- Findings whose last evidence is at most half an hour old, by campaign. Early
-- ones may be taken back within the hour, and say so.
SELECT
    campaign,
    if(confidence = 'early', 'early sign', 'coordinated activity') AS sign,
    count() AS findings
FROM findings FINAL
WHERE state = 'open' AND declared = '' AND started_at <= $__toTime AND ended_at >= $__fromTime
    AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
GROUP BY campaign, sign
ORDER BY campaign, sign
