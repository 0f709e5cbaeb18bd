-- Pairs among the forty most used tags and the one that is chosen.
WITH
    (
        SELECT arrayDistinct(arrayPushBack(groupArray(tag), ${tag:singlequote}))
        FROM
        (
            SELECT tag FROM reach FINAL
            WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND tag != '' AND lang = ''
                AND step = {{sum_step}} AND $__timeFilter(at)
            GROUP BY tag
            HAVING sum(posts) > 0
            ORDER BY sum(posts) DESC, tag
            LIMIT 40
        )
    ) AS kept
SELECT
    concat('#', pair.1) AS "tag",
    concat('#', pair.2) AS "with",
    count() AS "posts",
    uniqExact(platform, account_id) AS "accounts",
    countIf(side = 'coordinated') AS "coordinated posts",
    countIf(side = 'coordinated') / count() AS "coordinated share"
FROM
(
    SELECT p.platform AS platform, p.account_id AS account_id, arrayJoin(p.pairs) AS pair, {{on_side}} AS side
    FROM
    (
        SELECT
            platform, account_id, posted_at,
            arraySort(arrayDistinct(arrayFilter(t -> has(kept, t), arrayMap(t -> toString(t), tags)))) AS own,
            arrayFilter(t -> ${tag:singlequote} IN ('*', t.1, t.2),
                arrayFlatten(arrayMap((a, i) -> arrayMap(b -> (a, b), arraySlice(own, i + 1)), own, arrayEnumerate(own)))) AS pairs
        FROM posts FINAL
        WHERE {{recent}}
            AND length(tags) > 1 AND {{about}}
    ) AS p
    {{sided}}
)
GROUP BY pair
ORDER BY count() DESC, pair
LIMIT 50
