-- The posts of a campaign that were deleted.
SELECT DISTINCT platform, post_id
FROM posts
WHERE campaign = {campaign:String} AND deleted = 1
