SELECT
    p.posted_at AS "posted",
    toString(p.platform) AS "platform",
    toString(p.kind) AS "kind",
    if(p.deleted = 1, 'deleted', substringUTF8(p.text, 1, 200)) AS "text",
    {{on_side}} AS "side",
    p.likes AS "likes",
    p.reposts AS "reposts",
    p.replies AS "replies",
    p.quotes AS "quotes",
    p.views AS "views",
    p.followers AS "followers"
FROM
(
    SELECT platform, account_id, post_id, posted_at, kind, text, deleted, likes, reposts, replies, quotes, views, followers
    FROM posts FINAL
    WHERE {{recent}}
        AND kind != 'repost' AND {{about}}
    ORDER BY ifNull(reposts, 0) + ifNull(quotes, 0) DESC, ifNull(likes, 0) DESC, posted_at, post_id
    LIMIT 50
) AS p
{{sided}}
ORDER BY ifNull(p.reposts, 0) + ifNull(p.quotes, 0) DESC, ifNull(p.likes, 0) DESC, p.posted_at, p.post_id
