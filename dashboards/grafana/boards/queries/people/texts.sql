-- The texts of the first 300 posts of the evidence, the most repeated first.
WITH shown AS
(
    SELECT platform, post_id, any(id_hour) AS lies, any(account_id) AS account_id, any(at) AS told_at
    FROM finding_posts FINAL
    WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND $__timeFilter(at)
        AND (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE {{pile_ons}} AND declared = '')
    GROUP BY platform, post_id
    ORDER BY told_at, platform, post_id
    LIMIT 300
)
SELECT
    if(p.deleted = 1, 'deleted; it still counts', substringUTF8(p.text, 1, 600)) AS "text",
    count() AS "posts",
    uniqExact(s.platform, s.account_id) AS "accounts",
    min(s.told_at) AS "first",
    max(s.told_at) AS "last"
FROM shown AS s
{{their_texts}}
GROUP BY 1
ORDER BY count() DESC, min(s.told_at), 1
LIMIT 100
