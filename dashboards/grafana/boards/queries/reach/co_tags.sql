SELECT
    concat('#', tag_a) AS "tag",
    concat('#', tag_b) AS "with",
    count() AS "posts",
    uniqExact(platform, account_id) AS "accounts",
    countIf(side = 'coordinated') AS "coordinated posts",
    countIf(side = 'coordinated') / count() AS "coordinated share"
FROM
(
    SELECT p.platform AS platform, p.account_id AS account_id, arrayJoin(p.pairs) AS pair, pair.1 AS tag_a, pair.2 AS tag_b, {{on_side}} AS side
    FROM
    (
        SELECT
            platform, account_id, posted_at,
            arraySlice(arraySort(arrayDistinct(arrayMap(t -> toString(t), tags))), 1, 20) AS own,
            arrayFilter(t -> t.1 < t.2 AND (${tag:singlequote} = '*' OR t.1 = ${tag:singlequote} OR t.2 = ${tag:singlequote}),
                arrayFlatten(arrayMap(a -> arrayMap(b -> (a, b), own), own))) AS pairs
        FROM posts FINAL
        WHERE {{recent}}
            AND length(tags) > 1 AND {{about}}
    ) AS p
    {{sided}}
)
GROUP BY tag_a, tag_b
ORDER BY count() DESC, tag_a, tag_b
LIMIT 50
