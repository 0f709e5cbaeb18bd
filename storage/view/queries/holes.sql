-- The gaps that take something from the coverage of a stretch of time. What lies
-- before a campaign was watched is no hole in what is watched.
SELECT source, campaign, from_at, to_at, share, fill
FROM gaps FINAL
WHERE fill != 'filled' AND cause != 'before'
    AND from_at < {to:DateTime64(3, 'UTC')} AND (to_at IS NULL OR to_at > {from:DateTime64(3, 'UTC')})
    AND ({campaign:String} = '' OR campaign IN ('', {campaign:String}))
ORDER BY source, campaign, from_at
