-- One campaign over time, all platforms: unique accounts add up over
-- platforms, since an account belongs to one.
SELECT
    at,
    sum(posts) AS posts,
    sum(accounts) AS accounts,
    sum(potential_reach) AS potential_reach,
    sum(coordinated_posts) AS coordinated_posts,
    sum(coordinated_accounts) AS coordinated_accounts,
    sum(declared_posts) AS declared_posts
FROM reach FINAL
WHERE campaign = {campaign:String} AND step = {step:UInt32} AND tag = '' AND lang = ''
    AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
GROUP BY at
HAVING posts > 0
ORDER BY at
