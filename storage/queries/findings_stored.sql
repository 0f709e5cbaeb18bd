-- The open findings of a campaign as they were last written, to tell what changed.
SELECT finding_id, fingerprint, started_at, ended_at, accounts, CAST(confidence, 'String') AS confidence
FROM findings FINAL
WHERE campaign = {campaign:String} AND state = 'open'
