-- How many hours of a campaign wait to be recomputed.
SELECT count() FROM marks FINAL WHERE campaign = {campaign:String} AND done = 0
