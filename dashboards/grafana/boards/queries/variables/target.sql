-- The accounts that pile-ons were directed at, by their handle where known.
SELECT value, label
FROM
(
    SELECT '*' AS value, 'all of them' AS label, 0 AS place, toDateTime64(0, 3, 'UTC') AS latest
    UNION ALL
    SELECT f.target, if(a.handle = '', f.target, concat('@', a.handle)), 1, f.latest
    FROM
    (
        SELECT target, max(started_at) AS latest
        FROM findings FINAL
        WHERE campaign = ${campaign:singlequote} AND {{standing}} AND target != ''
        GROUP BY target
    ) AS f
    LEFT JOIN
    (
        SELECT account_id, argMax(handle, observed_at) AS handle FROM accounts
        WHERE account_id IN (SELECT target FROM findings WHERE campaign = ${campaign:singlequote} AND target != '')
        GROUP BY account_id
    ) AS a ON a.account_id = f.target
)
ORDER BY place, latest DESC, value
LIMIT 2000
