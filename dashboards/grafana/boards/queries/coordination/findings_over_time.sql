-- From when to when each finding has evidence: a row where it begins, and an empty one where it ends.
SELECT time, lane, what
FROM
(
    SELECT
        concat(formatDateTime(started_at, '%m-%d %H:%i', 'UTC'), ' ', kind, ' ', finding_id) AS lane,
        arrayJoin([
            (started_at, toNullable(multiIf(declared != '', 'declared', confidence = 'early', 'early sign', 'coordinated'))),
            (greatest(ended_at, started_at + INTERVAL 1 SECOND), NULL)]) AS moment,
        moment.1 AS time,
        moment.2 AS what
    FROM
    (
        SELECT * FROM findings FINAL
        WHERE campaign = ${campaign:singlequote} AND {{standing}} AND {{overlaps}} AND {{here}}
        ORDER BY accounts DESC, finding_id
        LIMIT 30
    )
)
ORDER BY time, lane
