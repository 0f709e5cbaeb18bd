-- The texts of the first 300 posts of the evidence, the most repeated first.
WITH shown AS
(
    SELECT platform, post_id, any(account_id) AS account_id, any(at) AS told_at
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
INNER JOIN
(
    SELECT platform, post_id, text, deleted FROM posts FINAL
    WHERE campaign = ${campaign:singlequote} AND post_id IN (SELECT post_id FROM shown)
) AS p ON p.platform = s.platform AND p.post_id = s.post_id
GROUP BY 1
ORDER BY count() DESC, min(s.told_at), 1
LIMIT 100
