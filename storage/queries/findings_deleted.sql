-- Those of some findings of a campaign that rest on posts that were deleted.
SELECT DISTINCT finding_id
FROM
(
    SELECT finding_id, platform, post_id
    FROM finding_posts FINAL
    WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id)
)
WHERE (platform, post_id) IN
(
    SELECT platform, post_id
    FROM posts
    WHERE campaign = {campaign:String} AND deleted = 1
        AND post_id IN (SELECT post_id FROM finding_posts WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id))
)
