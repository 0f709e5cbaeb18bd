SELECT
    if(campaign = '', greatest(from_at, watched_since), from_at) AS time,
    coalesce(to_at, least(now64(3, 'UTC'), toDateTime64($__toTime, 3, 'UTC'))) AS timeEnd,
    concat('not seen: ', source) AS title,
    concat(cause, if(campaign = '', ', all that it watches', ''), if(to_at IS NULL, ', still open', ''), if(note = '', '', concat('; ', note))) AS text,
    concat('gap,', cause) AS tags
{{gaps_shown}}
    AND fill NOT IN ('filled', 'partly') AND share <= 0
ORDER BY from_at, source, campaign
LIMIT 500
