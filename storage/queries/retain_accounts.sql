-- Removes who posted in a campaign before a time.
ALTER TABLE account_buckets DELETE WHERE campaign = {campaign:String} AND at < {before:DateTime('UTC')}
SETTINGS mutations_sync = 2
