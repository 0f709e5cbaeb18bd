-- Removes what a campaign's days before a time added to its audience.
DELETE FROM audience WHERE campaign = {campaign:String} AND at < {before:DateTime('UTC')}
