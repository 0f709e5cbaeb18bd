-- What people said of a finding, the newest first. It may be gone, or open again:
-- what was said stays.
SELECT verdict, note, author, at
FROM verdict_history FINAL
WHERE campaign = {campaign:String} AND finding_id = {id:String}
ORDER BY version DESC
LIMIT {limit:UInt32}
