-- The days of a campaign from one on that add to its audience, or did, and about how
-- many rows of accounts their hours have.
SELECT toStartOfDay(hour, 'UTC') AS day, sum(n) AS posts
FROM
(
    SELECT at AS hour, count() AS n
    FROM {accounts:Identifier}
    WHERE campaign = {campaign:String} AND step = 3600 AND at >= {from:DateTime('UTC')}
    GROUP BY at
    UNION ALL
    SELECT DISTINCT at, 0
    FROM {audience:Identifier}
    WHERE campaign = {campaign:String} AND step = 86400 AND at >= {from:DateTime('UTC')}
)
WHERE hour >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})
GROUP BY day
ORDER BY day
