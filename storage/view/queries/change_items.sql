-- What belongs to a change. Accounts are shown by their handle where known.
SELECT
    i.role AS role, i.kind AS kind, i.item AS item, if(i.role = 'account', a.handle, i.label) AS label,
    i.accounts_before AS accounts_before, i.accounts_after AS accounts_after,
    i.posts_before AS posts_before, i.posts_after AS posts_after, i.bits AS bits, i.newcomer = 1 AS newcomer
FROM
(
    SELECT * FROM change_items FINAL
    WHERE campaign = {campaign:String} AND change_id = {id:String}
        AND version = (SELECT max(version) FROM changes WHERE campaign = {campaign:String} AND change_id = {id:String})
) AS i
LEFT JOIN
(
    SELECT platform, account_id, argMax(handle, observed_at) AS handle
    FROM accounts
    WHERE account_id IN (SELECT item FROM change_items WHERE campaign = {campaign:String} AND change_id = {id:String} AND role = 'account')
    GROUP BY platform, account_id
) AS a ON i.role = 'account' AND a.platform = i.kind AND a.account_id = i.item
ORDER BY role, bits DESC, posts_after DESC, posts_before DESC, kind, item
