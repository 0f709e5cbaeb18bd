-- Removes what is known of a campaign's days before a time.
DELETE FROM audience_days WHERE campaign = {campaign:String} AND day < {before:DateTime('UTC')}
