-- Up to when the posts of a campaign were let go of; 1970 if never.
SELECT max(before) FROM horizons WHERE campaign = {campaign:String}
