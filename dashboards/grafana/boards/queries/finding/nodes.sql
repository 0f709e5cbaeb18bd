WITH
    {{network}},
    (SELECT any(kind) FROM findings FINAL WHERE {{this}}) AS finding_kind
SELECT id, title, subtitle, mainstat, secondarystat, color, detail__platform, detail__signals
FROM
(
    SELECT
        0 AS place,
        concat('account/', m.platform, '/', m.account_id) AS id,
        if(h.handle = '', m.account_id, concat('@', h.handle)) AS title,
        'account' AS subtitle,
        concat(toString(round(m.bits)), ' bits') AS mainstat,
        concat(toString(m.posts), ' posts') AS secondarystat,
        '#cc4a0c' AS color,
        toString(m.platform) AS detail__platform,
        arrayStringConcat(m.signals, ', ') AS detail__signals
    FROM members AS m
    LEFT JOIN
    (
        SELECT platform, account_id, argMax(handle, observed_at) AS handle FROM accounts
        WHERE account_id IN (SELECT account_id FROM members)
        GROUP BY platform, account_id
    ) AS h ON h.platform = m.platform AND h.account_id = m.account_id
    UNION ALL
    -- The texts of a pile-on can hurt: they are not shown here.
    SELECT
        1, concat('object/', object_kind, '/', object_id), if(finding_kind = 'pile-on', toString(object_kind), substringUTF8(label, 1, 60)),
        toString(object_kind), concat(toString(accounts), ' accounts'), '', '#7890ad', '', ''
    FROM things
)
ORDER BY place, id
