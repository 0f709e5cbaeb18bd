-- A hash stands for an account: of 64 bits, two of a million are the same once in forty
-- million such lists.
SELECT
    link AS "link",
    count() AS "posts",
    uniqExact(account) AS "accounts",
    countIf(is_coordinated) AS "coordinated posts",
    countIf(is_coordinated) / count() AS "coordinated share"
FROM
(
    SELECT sipHash64(p.platform, p.account_id) AS account, p.links AS links, {{on_side}} = 'coordinated' AS is_coordinated
    FROM
    (
        SELECT platform, account_id, posted_at, arrayDistinct(links) AS links
        FROM posts FINAL
        WHERE {{recent}}
            AND notEmpty(links) AND {{about}}
    ) AS p
    {{sided}}
)
ARRAY JOIN links AS link
GROUP BY link
ORDER BY count() DESC, link
LIMIT 50
