-- The first posts that a finding rests on, with what is left of them. Only these
-- are looked up among all posts: by their whole key, and before their texts are read.
WITH shown AS
(
    SELECT platform, post_id, any(id_hour) AS lies, any(account_id) AS account_id, min(object_kind) AS object_kind, any(at) AS at
    FROM finding_posts FINAL
    WHERE campaign = {campaign:String} AND finding_id = {id:String}
        AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
    GROUP BY platform, post_id
    ORDER BY at, platform, post_id
    LIMIT {limit:UInt32}
)
SELECT
    e.platform AS platform,
    e.post_id AS post_id,
    e.account_id AS account_id,
    p.handle AS handle,
    p.text AS text,
    p.url AS url,
    p.kind AS kind,
    e.object_kind AS object_kind,
    p.deleted = 1 AS deleted,
    e.at AS at
FROM shown AS e
LEFT JOIN
(
    SELECT platform, post_id, handle, text, url, kind, deleted
    FROM posts FINAL
    PREWHERE campaign = {campaign:String} AND (id_hour, platform, post_id) IN (SELECT lies, platform, post_id FROM shown)
) AS p
    ON p.platform = e.platform AND p.post_id = e.post_id
ORDER BY at, platform, post_id
