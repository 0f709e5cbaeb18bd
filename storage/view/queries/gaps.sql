-- What is known of gaps that touch a stretch of time, newest first: those of one
-- campaign and those of all that its sources watch, or every gap if no campaign
-- is given.
SELECT source, platform, campaign, from_at, to_at, cause, share, fill, note
FROM gaps FINAL
WHERE from_at < {to:DateTime64(3, 'UTC')}
    AND (to_at IS NULL OR to_at > {from:DateTime64(3, 'UTC')} OR from_at >= {from:DateTime64(3, 'UTC')})
    AND ({campaign:String} = '' OR campaign = {campaign:String}
        OR campaign = '' AND source IN (SELECT source FROM watches WHERE campaign = {campaign:String}))
ORDER BY from_at DESC, source, campaign
LIMIT {limit:UInt64}
