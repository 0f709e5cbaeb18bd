-- The accounts of some open findings.
SELECT finding_id, platform, account_id
FROM memberships
WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id)
