(
        -- Where a source missed something, in Unix seconds: an empty bucket there is no silence.
        SELECT groupArray((intDiv(toUnixTimestamp64Milli(from_at), 1000), intDiv(toUnixTimestamp64Milli(coalesce(to_at, now64(3, 'UTC'))) + 999, 1000)))
        FROM gaps FINAL
        WHERE platform IN (${platform:singlequote}) AND fill != 'filled' AND cause != 'before'
            AND (campaign = ${campaign:singlequote} OR campaign = '' AND source IN (SELECT source FROM watches WHERE campaign = ${campaign:singlequote}))
            AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime)
    ) AS holes,
    (SELECT if(count() = 0, NULL, min(toUnixTimestamp(toDateTime(since, 'UTC')))) FROM watches WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})) AS watched_since,
    (
        SELECT if(count() = 0, (0, 0), (min(toUnixTimestamp(toDateTime(first_at, 'UTC'))), max(toUnixTimestamp(toDateTime(last_at, 'UTC')))))
        FROM reach FINAL WHERE campaign = ${campaign:singlequote} AND step = 0 AND posts > 0 AND platform IN (${platform:singlequote})
    ) AS told,
    -- Hours with posts that are stored and not yet counted.
    (
        SELECT groupArray(toUnixTimestamp(hour)) FROM marks FINAL
        WHERE campaign = ${campaign:singlequote} AND done = 0 AND cause = 'posts' AND hour >= $__fromTime - INTERVAL 1 DAY AND hour <= $__toTime
    ) AS uncounted,
    {{step}} AS width,
    -- Every bucket of the time shown; quiet: if it is empty, nobody posted. Of what nobody watched that is not known.
    grid AS
    (
        SELECT
            toDateTime((intDiv(toUnixTimestamp($__fromTime) + width - 1, width) + number) * width, 'UTC') AS at,
            toUnixTimestamp(at) AS low,
            low + width AS high,
            if(watched_since IS NULL, low >= told.1 AND high <= told.2, low >= watched_since AND high <= toUnixTimestamp(now()) - 60)
                AND NOT arrayExists(h -> h.1 < high AND h.2 > low, holes)
                AND NOT arrayExists(h -> h < high AND h + 3600 > low, uncounted) AS quiet
        FROM numbers(toUInt64(greatest(0, intDiv(toUnixTimestamp($__toTime), {{step}}) - intDiv(toUnixTimestamp($__fromTime) + {{step}} - 1, {{step}}) + 1)))
        WHERE watched_since IS NOT NULL OR told.2 > 0
    )
