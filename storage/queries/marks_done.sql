-- Takes back the marks that were dealt with; newer ones stay open.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT campaign, hour, cause, 1, version + 1
FROM marks FINAL
WHERE campaign = {campaign:String} AND done = 0 AND cause IN ('posts', 'findings')
    AND version <= if(cause = 'posts', {detected:UInt64}, {upto:UInt64})
