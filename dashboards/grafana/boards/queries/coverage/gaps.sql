SELECT
    if(campaign = '', greatest(from_at, watched_since), from_at) AS "from",
    to_at AS "to",
    dateDiff('second', "from", coalesce(to_at, least(now64(3, 'UTC'), toDateTime64($__toTime, 3, 'UTC')))) AS "lasted",
    source AS "source",
    if(campaign = '', 'all that it watches', 'this campaign') AS "concerns",
    cause AS "why",
    share AS "seen meanwhile",
    transform(fill, ['pending', 'filled', 'partly', 'lost'], ['not yet', 'everything', 'a part', 'nothing'], fill) AS "came later",
    note AS "note"
FROM gaps FINAL
INNER JOIN {{watched}} USING (source)
WHERE (campaign = ${campaign:singlequote} OR campaign = '' AND coalesce(to_at, $__toTime) > watched_since)
    AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime) AND platform IN (${platform:singlequote})
ORDER BY from_at DESC, source, campaign
LIMIT 200
