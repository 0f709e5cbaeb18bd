-- When each source did not see everything: a row where a gap begins, and an empty one where it ends.
SELECT time, lane, what
FROM
(
    SELECT
        concat(source, if(g.campaign = '', '', ', this campaign')) AS lane,
        arrayJoin([
            (greatest(from_at, if(g.campaign = '', watched_since, from_at)), toNullable(multiIf(fill = 'filled', 'came later', fill = 'partly' OR share > 0, 'seen in part', 'not seen'))),
            (coalesce(to_at, least(now64(3, 'UTC'), toDateTime64($__toTime, 3, 'UTC'))), NULL)]) AS moment,
        moment.1 AS time,
        moment.2 AS what
    FROM
    (
        SELECT * FROM gaps FINAL
        WHERE campaign IN ('', ${campaign:singlequote}) AND cause != 'before' AND platform IN (${platform:singlequote})
            AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime)
        ORDER BY from_at DESC, source, campaign
        LIMIT 500
    ) AS g
    INNER JOIN {{watched}} USING (source)
    WHERE g.campaign != '' OR coalesce(to_at, $__toTime) > watched_since
)
ORDER BY time, lane, what IS NULL DESC
