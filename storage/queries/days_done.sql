-- Takes back the marks of days that were dealt with; newer ones stay open.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT campaign, hour, cause, 1, version + 1
FROM marks FINAL
WHERE campaign = {campaign:String} AND done = 0 AND cause = 'days' AND version <= {upto:UInt64}
