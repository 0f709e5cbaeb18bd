-- Removes the posts of a campaign from before a time.
DELETE FROM posts WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')}
