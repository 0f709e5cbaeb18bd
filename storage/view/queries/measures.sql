-- What a campaign came to in a span, by platform: everything that adds up over
-- time, each side on its own. Shares are quotients of these sums.
SELECT
    platform,
    sum(reach.posts) AS n_posts,
    sum(reach.potential_impressions) AS potential_impressions,
    sum(reach.views) AS n_views,
    sum(reach.likes) AS n_likes,
    sum(reach.reposts) AS n_reposts,
    sum(reach.replies) AS n_replies,
    sum(reach.quotes) AS n_quotes,
    sum(reach.coordinated_posts) AS n_coordinated,
    sum(reach.sure_posts) AS n_sure,
    sum(reach.declared_posts) AS n_declared,
    sum(reach.early_posts) AS n_early,
    sum(reach.coordinated_impressions) AS n_coordinated_impressions,
    sum(reach.coordinated_views) AS n_coordinated_views
FROM reach FINAL
WHERE campaign = {campaign:String} AND tag = '' AND lang = '' AND step = {step:UInt32}
    AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
GROUP BY platform
HAVING n_posts > 0
ORDER BY platform
