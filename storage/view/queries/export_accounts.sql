-- All accounts of a finding, in the order of platform and id, with what was told last
-- of each.
SELECT
    a.platform AS platform,
    a.account_id AS account_id,
    c.handle AS handle,
    c.name AS name,
    c.created_at AS created_at,
    c.followers AS followers,
    a.bits AS bits,
    a.first_at AS first_at,
    a.last_at AS last_at,
    a.posts AS posts,
    a.signals AS signals
FROM
(
    SELECT * FROM finding_accounts FINAL
    WHERE campaign = {campaign:String} AND finding_id = {id:String}
        AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
) AS a
LEFT JOIN
(
    SELECT platform, account_id, handle, name, created_at, followers FROM accounts FINAL
    WHERE (platform, account_id) IN (SELECT platform, account_id FROM finding_accounts WHERE campaign = {campaign:String} AND finding_id = {id:String})
) AS c ON c.platform = a.platform AND c.account_id = a.account_id
ORDER BY platform, account_id
