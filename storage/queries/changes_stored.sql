-- The changes of a campaign that hold, as they were last written, to tell what
-- is new about them.
SELECT change_id, fingerprint
FROM changes FINAL
WHERE campaign = {campaign:String} AND state = 'open'
