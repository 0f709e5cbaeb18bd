-- Who was ever seen under an account's id or handle, with the handle, in small letters.
SELECT DISTINCT id, name
FROM
(
    SELECT account_id AS id, lowerUTF8(handle) AS name
    FROM posts
    WHERE platform = {platform:String}
    UNION ALL
    SELECT account_id, lowerUTF8(handle)
    FROM account_sights
    WHERE platform = {platform:String}
    UNION ALL
    SELECT account_id, lowerUTF8(handle)
    FROM accounts
    WHERE platform = {platform:String}
    UNION ALL
    SELECT m.1, lowerUTF8(m.2)
    FROM
    (
        SELECT arrayJoin(arrayConcat(
            arrayMap((id, name) -> (id, name), mentions, mention_handles),
            [(reply_to_account, reply_to_handle), (repost_of_account, repost_of_handle), (quote_of_account, quote_of_handle)])) AS m
        FROM posts
        WHERE platform = {platform:String}
    )
    WHERE m.1 != '' OR m.2 != ''
)
WHERE (id != '' AND id = {id:String}) OR (name != '' AND name = {handle:String})
ORDER BY id, name
