-- What the first posts of the pile-ons at some accounts say, equal texts together, the
-- most repeated first. Whose they are is left out.
WITH
    hit AS
    (
        SELECT finding_id, version FROM findings FINAL
        WHERE campaign = {campaign:String} AND state = 'open' AND declared = '' AND target != '' AND has({names:Array(String)}, lowerUTF8(target))
            AND finding_id NOT IN (SELECT finding_id FROM verdicts FINAL WHERE campaign = {campaign:String} AND verdict = 'wrong')
    ),
    shown AS
    (
        SELECT platform, post_id, any(id_hour) AS lies, any(account_id) AS account_id, any(at) AS told_at
        FROM finding_posts FINAL
        WHERE campaign = {campaign:String} AND (finding_id, version) IN (SELECT finding_id, version FROM hit)
        GROUP BY platform, post_id
        ORDER BY told_at, platform, post_id
        LIMIT {limit:UInt32}
    )
SELECT
    if(p.deleted = 1, '', p.text) AS text,
    p.deleted = 1 AS deleted,
    count() AS posts,
    uniqExact(s.platform, s.account_id) AS accounts,
    min(s.told_at) AS first,
    max(s.told_at) AS last
FROM shown AS s
INNER JOIN
(
    SELECT platform, post_id, text, deleted FROM posts FINAL
    WHERE campaign = {campaign:String} AND id_hour IN (SELECT lies FROM shown) AND post_id IN (SELECT post_id FROM shown)
) AS p ON p.platform = s.platform AND p.post_id = s.post_id
GROUP BY text, deleted
ORDER BY posts DESC, first, text
LIMIT 100
