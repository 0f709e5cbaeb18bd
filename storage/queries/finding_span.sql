-- Whether a finding is on record, and the longest time that it ever spanned.
SELECT count(), min(started_at), max(ended_at)
FROM findings
WHERE campaign = {campaign:String} AND finding_id = {id:String}
