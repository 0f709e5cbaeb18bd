SELECT
    link AS "link",
    count() AS "posts",
    uniqExact(platform, account_id) AS "accounts",
    countIf(side = 'coordinated') AS "coordinated posts",
    countIf(side = 'coordinated') / count() AS "coordinated share"
FROM
(
    SELECT p.platform AS platform, p.account_id AS account_id, arrayJoin(p.links) AS link, {{on_side}} AS side
    FROM
    (
        SELECT platform, account_id, posted_at, arrayDistinct(links) AS links
        FROM posts FINAL
        WHERE {{recent}}
            AND notEmpty(links) AND {{about}}
    ) AS p
    {{sided}}
)
GROUP BY link
ORDER BY count() DESC, link
LIMIT 50
