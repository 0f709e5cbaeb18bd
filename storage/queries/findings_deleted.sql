-- Those of some findings of a campaign that rest on posts that were there and were
-- deleted. What was deleted before it came is evidence as it is stored, now and later:
-- it cannot be why a finding has become smaller.
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
    WHERE campaign = {campaign:String} AND deleted = 1 AND version >= bitShiftLeft(toUInt64(1), 63)
        AND post_id IN (SELECT post_id FROM finding_posts WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id))
)
