-- Since when which source watches a campaign, or any if none is given.
SELECT campaign, source, platform, since
FROM watches FINAL
WHERE {campaign:String} = '' OR campaign = {campaign:String}
ORDER BY campaign, source
