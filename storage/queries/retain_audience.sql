-- Removes what a campaign's days before a time added to its audience.
ALTER TABLE audience DELETE WHERE campaign = {campaign:String} AND at < {before:DateTime('UTC')}
SETTINGS mutations_sync = 2
