-- All names of the posts of whom is to be erased, and of those that others answered,
-- passed on or quoted.
INSERT INTO forgotten
WITH
    (SELECT groupArray(value) FROM forgotten WHERE what = 'account') AS ids,
    (SELECT groupArray(value) FROM forgotten WHERE what = 'handle') AS handles,
    (SELECT groupArray(value) FROM forgotten WHERE what = 'prefix') AS prefixes
SELECT DISTINCT 'post', platform, name
FROM
(
    SELECT platform, arrayJoin([post_id, native_id]) AS name
    FROM posts
    WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    UNION ALL
    SELECT platform, post_id
    FROM finding_posts
    WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    UNION ALL
    SELECT platform, r.1
    FROM
    (
        SELECT platform, arrayJoin([
            (reply_to_post, reply_to_account, lowerUTF8(reply_to_handle)),
            (repost_of_post, repost_of_account, lowerUTF8(repost_of_handle)),
            (quote_of_post, quote_of_account, lowerUTF8(quote_of_handle))]) AS r
        FROM posts
        WHERE platform IN (SELECT platform FROM forgotten WHERE what IN ('account', 'handle'))
    )
    WHERE has(ids, r.2) OR (r.2 = '' AND has(handles, r.3)) OR arrayExists(p -> startsWith(r.1, p), prefixes)
)
WHERE name != ''
