-- Each text of the evidence, who posted it and when. Only the first 500 posts are looked up.
WITH shown AS
(
    SELECT platform, post_id, any(id_hour) AS lies, any(account_id) AS account_id, any(at) AS told_at
    FROM finding_posts FINAL
    WHERE {{mine}}
    GROUP BY platform, post_id
    ORDER BY told_at, platform, post_id
    LIMIT 500
)
SELECT
    if(p.deleted = 1, 'deleted; it still counts', substringUTF8(p.text, 1, 600)) AS "text",
    count() AS "posts",
    uniqExact(s.platform, s.account_id) AS "accounts",
    min(s.told_at) AS "first",
    max(s.told_at) AS "last",
    dateDiff('second', min(s.told_at), max(s.told_at)) AS "seconds between"
FROM shown AS s
{{their_texts}}
GROUP BY 1
ORDER BY count() DESC, min(s.told_at), 1
LIMIT 100
