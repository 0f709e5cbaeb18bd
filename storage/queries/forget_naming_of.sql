-- Posts of others that name whom is to be erased, or pass their posts on.
INSERT INTO forgotten
WITH
    (SELECT groupArray(value) FROM forgotten WHERE what = 'account') AS ids,
    (SELECT groupArray(value) FROM forgotten WHERE what = 'handle') AS handles,
    (SELECT any(value) FROM forgotten WHERE what = 'full') AS spelling,
    (SELECT any(platform) FROM forgotten WHERE what IN ('account', 'handle')) AS place
SELECT DISTINCT arrayJoin(if(passed, ['naming', 'repost'], ['naming'])), p.platform, p.post_id
FROM
(
    SELECT
        platform, post_id,
        kind = 'repost' AND (has(ids, repost_of_account) OR (repost_of_account = '' AND has(handles, lowerUTF8(repost_of_handle)))
            OR (platform, repost_of_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post')) AS passed,
        passed OR hasAny(mentions, ids) OR hasAny(arrayMap(h -> lowerUTF8(h), mention_handles), handles)
            OR has(ids, reply_to_account) OR has(handles, lowerUTF8(reply_to_handle))
            OR has(ids, repost_of_account) OR has(handles, lowerUTF8(repost_of_handle))
            OR has(ids, quote_of_account) OR has(handles, lowerUTF8(quote_of_handle))
            OR (platform, reply_to_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
            OR (platform, repost_of_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
            OR (platform, quote_of_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
            OR (platform, shared) IN (SELECT platform, value FROM forgotten WHERE what IN ('post', 'account', 'handle'))
            OR (platform, substring(shared, 6)) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
            OR (spelling != '' AND (match(text, spelling) OR match(shared, spelling) OR arrayExists(l -> match(l, spelling), links))) AS named
    FROM posts
    WHERE platform = place AND (platform, account_id) NOT IN (SELECT platform, value FROM forgotten WHERE what = 'account')
) AS p
WHERE named
