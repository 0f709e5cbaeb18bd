-- The findings of the campaign, the newest first; those that do not stand any more are
-- among them, so that no link to one leads to another.
SELECT
    finding_id,
    concat(formatDateTime(started_at, '%Y-%m-%d %H:%i', 'UTC'), ' ', kind, ', ', toString(accounts), ' accounts',
        if(declared = '', '', ', declared'), if(confidence = 'early', ', early', ''), if(state = 'open', '', concat(', ', state)))
FROM findings FINAL
WHERE campaign = ${campaign:singlequote}
ORDER BY started_at DESC, finding_id
LIMIT 10000
