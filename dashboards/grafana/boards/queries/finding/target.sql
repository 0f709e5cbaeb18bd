SELECT multiIf(f.target = '', 'no single account', a.handle = '', f.target, concat('@', a.handle)) AS "directed at"
FROM (SELECT target FROM findings FINAL WHERE {{this}}) AS f
LEFT JOIN
(
    SELECT account_id, argMax(handle, observed_at) AS handle FROM accounts
    WHERE account_id IN (SELECT target FROM findings WHERE {{this}} AND target != '')
    GROUP BY account_id
) AS a ON a.account_id = f.target
