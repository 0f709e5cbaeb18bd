-- Time that gaps took from the time shown, by cause. Gaps that overlap count each on their own.
SELECT
    toString(cause) AS "why",
    sumIf(taken, fill NOT IN ('filled', 'partly')) AS "not seen",
    sumIf(taken, fill = 'partly') AS "seen in part",
    sumIf(taken, fill = 'filled') AS "came later"
FROM
(
    SELECT
        cause, fill,
        (1 - least(greatest(share, 0.), 1.)) * greatest(0, dateDiff('second',
            greatest(from_at, watched_since, toDateTime64($__fromTime, 3, 'UTC')),
            least(coalesce(to_at, now64(3, 'UTC')), now64(3, 'UTC'), toDateTime64($__toTime, 3, 'UTC')))) AS taken
    FROM gaps FINAL
    INNER JOIN {{watched}} USING (source)
    WHERE campaign IN ('', ${campaign:singlequote}) AND cause != 'before' AND platform IN (${platform:singlequote})
        AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime)
)
GROUP BY cause
HAVING sum(taken) > 0
ORDER BY sum(taken) DESC, cause
