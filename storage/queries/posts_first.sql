-- When posts that may be stored already were posted, as first told. They are looked
-- for where they lie: the hour that an id tells is computed as in schema/00007_buckets.sql.
WITH asked AS
(
    SELECT asked_for.1 AS platform, asked_for.2 AS post_id
    FROM (SELECT arrayJoin(arrayZip({platforms:Array(String)}, {ids:Array(String)})) AS asked_for)
)
SELECT platform, post_id, min(posted_at) AS first
FROM posts
WHERE post_id IN {ids:Array(String)} AND id_hour IN
(
    SELECT toDateTime(3600 * multiIf(
        platform IN ('x', 'archive') AND match(post_id, '^[1-9][0-9]{14,18}$'),
        intDiv(bitShiftRight(toUInt64OrZero(post_id), 22) + 1288834974657, 3600000),
        platform = 'bluesky' AND match(post_id, '/[34][234567a-z]{12}$'),
        toUInt64(intDiv(32768 * arraySum(i -> (position('234567abcdefghijklmnopqrstuvwxyz', substring(post_id, i - 13, 1)) - 1) * bitShiftLeft(toUInt64(1), 35 - 5 * i), range(8)), 3600000000)),
        platform = 'mastodon' AND match(post_id, '/statuses/(9[0-9]{16}|1[0-9]{17}|2[0-3][0-9]{16})(/activity)?$'),
        intDiv(bitShiftRight(toUInt64OrZero(extract(post_id, '/statuses/([0-9]+)')), 16), 3600000),
        toUInt64(0)), 'UTC')
    FROM asked
)
GROUP BY platform, post_id
