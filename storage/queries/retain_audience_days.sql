-- Removes what is known of a campaign's days before a time.
ALTER TABLE audience_days DELETE WHERE campaign = {campaign:String} AND day < {before:DateTime('UTC')}
SETTINGS mutations_sync = 2
