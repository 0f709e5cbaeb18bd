-- Pairs among the forty most used tags and the one that is chosen. Tags and accounts are
-- told apart by numbers: the place of a tag among these, and a hash, of which two of a
-- million accounts are the same once in forty million such lists.
WITH
    (
        SELECT arraySort(arrayDistinct(arrayPushBack(groupArray(tag), ${tag:singlequote})))
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
    ) AS kept,
    indexOf(kept, ${tag:singlequote}) AS chosen
SELECT
    concat('#', kept[pair.1]) AS "tag",
    concat('#', kept[pair.2]) AS "with",
    count() AS "posts",
    uniqExact(account) AS "accounts",
    countIf(is_coordinated) AS "coordinated posts",
    countIf(is_coordinated) / count() AS "coordinated share"
FROM
(
    SELECT sipHash64(p.platform, p.account_id) AS account, p.pairs AS pairs, {{on_side}} = 'coordinated' AS is_coordinated
    FROM
    (
        SELECT
            platform, account_id, posted_at,
            arraySort(arrayDistinct(arrayFilter(i -> i > 0, arrayMap(t -> toUInt8(indexOf(kept, toString(t))), tags)))) AS own,
            arrayFilter(t -> ${tag:singlequote} = '*' OR chosen IN (t.1, t.2),
                arrayFlatten(arrayMap((a, i) -> arrayMap(b -> (a, b), arraySlice(own, i + 1)), own, arrayEnumerate(own)))) AS pairs
        FROM posts FINAL
        WHERE {{recent}}
            AND length(tags) > 1 AND {{about}}
    ) AS p
    {{sided}}
    WHERE notEmpty(p.pairs)
)
ARRAY JOIN pairs AS pair
GROUP BY pair
ORDER BY count() DESC, pair
LIMIT 50
