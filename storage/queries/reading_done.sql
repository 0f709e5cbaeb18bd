-- Takes back the mark of a campaign that was read whole; a newer one stays open.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT campaign, hour, cause, 1, version + 1
FROM marks FINAL
WHERE campaign = {campaign:String} AND done = 0 AND cause = 'reading' AND version <= {upto:UInt64}
