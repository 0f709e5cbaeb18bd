SELECT
    if(c.handle = '', a.account_id, concat('@', c.handle)) AS "account",
    toString(a.platform) AS "platform",
    c.created_at AS "opened",
    c.followers AS "followers",
    a.posts AS "posts",
    a.bits AS "bits",
    arrayStringConcat(a.signals, ', ') AS "signs of automation",
    a.first_at AS "first evidence",
    a.last_at AS "last evidence"
FROM (SELECT * FROM finding_accounts FINAL WHERE {{mine}} ORDER BY bits DESC, platform, account_id LIMIT 1000) AS a
LEFT JOIN
(
    SELECT platform, account_id, handle, created_at, followers FROM accounts FINAL
    WHERE (platform, account_id) IN (SELECT platform, account_id FROM finding_accounts WHERE {{this}})
) AS c ON c.platform = a.platform AND c.account_id = a.account_id
ORDER BY a.bits DESC, a.platform, a.account_id
