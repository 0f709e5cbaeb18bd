SELECT
    if(a.handle = '', f.target, concat('@', a.handle)) AS "account",
    f.n AS "pile-ons",
    f.early AS "early signs",
    f.largest AS "the largest by",
    f.n_posts AS "posts",
    f.first AS "first evidence",
    f.last AS "last evidence",
    f.newest AS finding_id,
    f.target AS target_id,
    toUnixTimestamp64Milli(f.first) - 600000 AS from_ms,
    toUnixTimestamp64Milli(f.last) + 600000 AS to_ms
FROM
(
    SELECT
        target, countIf(confidence != 'early') AS n, countIf(confidence = 'early') AS early, max(accounts) AS largest, sum(posts) AS n_posts,
        min(started_at) AS first, max(ended_at) AS last, argMax(finding_id, started_at) AS newest
    FROM findings FINAL
    WHERE {{pile_ons}} AND declared = ''
    GROUP BY target
) AS f
LEFT JOIN
(
    SELECT account_id, argMax(handle, observed_at) AS handle FROM accounts
    WHERE account_id IN (SELECT target FROM findings WHERE campaign = ${campaign:singlequote} AND target != '')
    GROUP BY account_id
) AS a ON a.account_id = f.target
ORDER BY f.n DESC, f.n_posts DESC, f.target
LIMIT 100
