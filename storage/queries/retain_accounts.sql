-- Removes who posted in a campaign before a time.
DELETE FROM account_buckets WHERE campaign = {campaign:String} AND at < {before:DateTime('UTC')}
