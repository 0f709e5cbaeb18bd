-- How much of the time shown each source saw. At each instant the largest hole
-- counts and hides the others; what is missing hides what was filled in part.
WITH
    toInt64(toUnixTimestamp($__fromTime)) * 1000 AS from_ms,
    least(toInt64(toUnixTimestamp($__toTime)) * 1000, toUnixTimestamp64Milli(now64(3))) AS to_ms
SELECT
    source AS "source",
    platform AS "platform",
    since AS "watched since",
    (high - low) / 1000 AS "time watched",
    if(length(own) > 1500, NULL, 1 - (missing + partly) / (high - low)) AS "at least",
    if(length(own) > 1500, NULL, 1 - missing / (high - low)) AS "at most",
    length(own) AS "gaps",
    if(is_open, 'posts are missing now', 'no') AS "open"
FROM
(
    SELECT
        toString(w.source) AS source, toString(w.told_platform) AS platform, w.told_since AS since,
        greatest(toUnixTimestamp64Milli(w.told_since), from_ms) AS low,
        to_ms AS high,
        arrayFilter(h -> h.2 > h.1, arrayMap(h -> (greatest(h.1, low), least(h.2, high), h.3, h.4), g.holes)) AS own,
        arrayExists(h -> h.5, g.holes) AS is_open,
        arraySlice(own, 1, 1500) AS weighed,
        arraySort(arrayDistinct(arrayConcat(arrayMap(h -> h.1, weighed), arrayMap(h -> h.2, weighed)))) AS bounds,
        arrayMap(t -> (
            arrayMax(arrayMap(h -> if(NOT h.4 AND h.1 <= t AND h.2 > t, h.3, 0.), weighed)),
            arrayMax(arrayMap(h -> if(h.4 AND h.1 <= t AND h.2 > t, h.3, 0.), weighed))), bounds) AS lost,
        arraySum(i -> (bounds[i + 1] - bounds[i]) * lost[i].1, range(1, toUInt64(greatest(length(bounds), 1)))) AS missing,
        arraySum(i -> (bounds[i + 1] - bounds[i]) * greatest(0., lost[i].2 - lost[i].1), range(1, toUInt64(greatest(length(bounds), 1)))) AS partly
    FROM
    (
        SELECT source, any(watches.platform) AS told_platform, toDateTime64(min(watches.since), 3, 'UTC') AS told_since
        FROM watches WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})
        GROUP BY source
    ) AS w
    LEFT JOIN
    (
        SELECT source, groupArray((
            toUnixTimestamp64Milli(from_at),
            if(to_at IS NULL, to_ms, toUnixTimestamp64Milli(assumeNotNull(to_at))),
            if(share > 0, 1 - least(share, 1.), 1.),
            fill = 'partly',
            to_at IS NULL)) AS holes
        FROM gaps FINAL
        WHERE campaign IN ('', ${campaign:singlequote}) AND fill != 'filled' AND cause != 'before' AND NOT share >= 1
            AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime)
        GROUP BY source
    ) AS g ON g.source = w.source
    WHERE low < high
)
ORDER BY source
