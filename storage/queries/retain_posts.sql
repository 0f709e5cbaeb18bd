-- Removes the posts of a campaign from before a time.
ALTER TABLE posts DELETE WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')}
SETTINGS mutations_sync = 2
