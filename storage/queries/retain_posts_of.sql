-- Posts that a campaign lets go of and no other has.
INSERT INTO forgotten
SELECT DISTINCT 'post', platform, post_id
FROM posts
WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')}
    AND (platform, post_id) NOT IN
    (
        SELECT platform, post_id FROM posts
        WHERE campaign != {campaign:String}
            AND post_id IN (SELECT post_id FROM posts WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')})
    )
