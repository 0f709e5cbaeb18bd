-- Unique accounts of a campaign in a span of whole hours and their followers, each
-- account with the number told last. Whole days are read as days. told_at holds a
-- bucket's hour and, in its low 42 bits, the followers told in it increased by one: the
-- highest is what was told last. A hash stands for an account: of 64 bits, two of a
-- million are the same once in forty million such spans.
WITH
    toStartOfDay({from:DateTime('UTC')} + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay({to:DateTime('UTC')}, 'UTC') AS end_day
SELECT
    count() AS accounts,
    countIf(told > 0) AS reach_known,
    toUInt64(sum(told - (told > 0))) AS potential_reach,
    countIf(bitTest(sides, 0)) AS coordinated_accounts,
    countIf(bitTest(sides, 1)) AS sure_accounts,
    toUInt64(sumIf(told - (told > 0), bitTest(sides, 0))) AS coordinated_reach,
    countIf(bitTest(sides, 2)) AS declared_accounts,
    countIf(bitTest(sides, 3)) AS early_accounts
FROM
(
    SELECT
        max(if(followers IS NULL, 0, bitOr(bitShiftLeft(toUInt64(intDiv(toUnixTimestamp(at), 3600)), 42), least(assumeNotNull(followers), 4398046511102) + 1))) AS told_at,
        bitAnd(told_at, 4398046511103) AS told,
        groupBitOr(toUInt8((coordinated_posts > 0) + 2 * (sure_posts > 0) + 4 * (declared_posts > 0) + 8 * (early_posts > 0))) AS sides
    FROM
    (
        SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, declared_posts, early_posts
        FROM account_buckets FINAL
        WHERE campaign = {campaign:String} AND step = 86400 AND posts > 0 AND at >= first_day AND at < end_day
        UNION ALL
        SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, declared_posts, early_posts
        FROM account_buckets FINAL
        WHERE campaign = {campaign:String} AND step = 3600 AND posts > 0
            AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')} AND NOT (at >= first_day AND at < end_day)
    )
    GROUP BY sipHash64(platform, account_id)
)
