-- The findings of the campaign, the newest first.
SELECT finding_id, concat(formatDateTime(started_at, '%Y-%m-%d %H:%i', 'UTC'), ' ', kind, ', ', toString(accounts), ' accounts', if(declared = '', '', ', declared'), if(confidence = 'early', ', early', ''))
FROM findings FINAL
WHERE campaign = ${campaign:singlequote} AND state = 'open'
ORDER BY started_at DESC, finding_id
LIMIT 500
