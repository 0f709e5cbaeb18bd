-- The next posts that a finding rests on, after one of them, with what is left of them:
-- once for each object. As in finding_posts.sql only these are looked up among all posts.
WITH next AS
(
    SELECT toString(platform) AS platform, post_id, id_hour, account_id, toString(object_kind) AS object_kind, object_id, at
    FROM finding_posts FINAL
    WHERE campaign = {campaign:String} AND finding_id = {id:String}
        AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
        AND (at, toString(platform), post_id, toString(object_kind), object_id)
            > ({after_at:DateTime64(3, 'UTC')}, {after_platform:String}, {after_post:String}, {after_kind:String}, {after_object:String})
    ORDER BY at, platform, post_id, object_kind, object_id
    LIMIT {limit:UInt32}
)
SELECT
    e.platform AS platform, e.post_id AS post_id, e.account_id AS account_id, e.object_kind AS object_kind, e.object_id AS object_id, e.at AS at,
    p.source AS source, p.kind AS kind, p.handle AS handle, p.seen_at AS seen_at, p.lang AS lang, p.text AS text, p.url AS url,
    p.tags AS tags, p.links AS links, p.mentions AS mentions,
    p.repost_of AS repost_of, p.reply_to AS reply_to, p.quote_of AS quote_of, p.deleted = 1 AS deleted
FROM next AS e
LEFT JOIN
(
    SELECT
        toString(platform) AS platform, post_id, source, kind, handle, observed_at AS seen_at, lang, text, url, tags_posted AS tags, links,
        arrayMap((handle, id) -> if(handle = '', id, handle), mention_handles, mentions) AS mentions,
        repost_of_post AS repost_of, reply_to_post AS reply_to, quote_of_post AS quote_of, deleted
    FROM posts FINAL
    PREWHERE campaign = {campaign:String} AND (id_hour, posts.platform, post_id) IN (SELECT id_hour, platform, post_id FROM next)
) AS p ON p.platform = e.platform AND p.post_id = e.post_id
ORDER BY at, platform, post_id, object_kind, object_id
