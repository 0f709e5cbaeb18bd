-- Takes back the marks that were recomputed; newer ones stay open.
INSERT INTO marks (campaign, hour, done, version)
SELECT campaign, hour, 1, version + 1
FROM marks FINAL
WHERE campaign = {campaign:String} AND done = 0 AND version <= {upto:UInt64}
