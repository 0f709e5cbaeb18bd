-- The days of a campaign with open marks, as far back as it goes.
SELECT hour AS day, toUInt64(0) AS posts
FROM marks FINAL
WHERE campaign = {campaign:String} AND cause = 'days' AND done = 0 AND version <= {upto:UInt64}
    AND hour >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
ORDER BY day
