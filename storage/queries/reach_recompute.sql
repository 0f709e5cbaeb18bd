-- Recomputes buckets of some lengths from the posts of some hours, which fill
-- them, and replaces them. Buckets that have lost all their posts are replaced by
-- zeros.
--
-- Most of the time goes into counting each account once a bucket: hence what adds up
-- is added apart from it, and hashes stand for names. Of 64 bits, two of 100,000
-- accounts in a bucket are the same once in four billion such buckets.
INSERT INTO {reach:Identifier}
WITH
    -- Where in the table these posts lie. All versions of a post lie in the same hour,
    -- which is not always that of the time they tell.
    lying AS
    (
        SELECT DISTINCT id_hour
        FROM posts
        WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
    ),
    -- Only the hundred most used tags and languages each of an hour or day get
    -- buckets of their own: a flood of random tags must not flood the table.
    kept AS
    (
        SELECT grain, sipHash64(part.1, part.2) AS part_key
        FROM
        (
            SELECT
                intDiv(toUnixTimestamp(toDateTime(posted_at, 'UTC')), {grain:UInt32}) AS grain,
                arrayJoin(arrayConcat(arrayMap(t -> (toString(t), ''), tags), if(lang = '', [], [('', toString(lang))]))) AS part,
                count() AS uses
            FROM posts FINAL
            WHERE campaign = {campaign:String} AND id_hour IN (SELECT id_hour FROM lying)
                AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
            GROUP BY grain, part
        )
        ORDER BY grain, part.1 = '', uses DESC, part
        LIMIT 100 BY grain, part.1 = ''
    ),
    judged AS
    (
        SELECT
            p.platform AS platform,
            p.account_id AS account_id,
            p.posted_at AS posted_at,
            toUInt32(toUnixTimestamp(toDateTime(p.posted_at, 'UTC'))) AS second,
            intDiv(second, {grain:UInt32}) AS grain,
            arrayConcat([('', '')], arrayMap(t -> (t, ''), p.tags), if(p.lang = '', [], [('', p.lang)])) AS parts,
            p.followers AS followers,
            p.views AS views, p.likes AS likes, p.reposts AS reposts, p.replies AS replies, p.quotes AS quotes,
            arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.coordinated) AS is_coordinated,
            arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.sure) AS is_sure,
            NOT is_coordinated AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.declared) AS is_declared,
            NOT is_coordinated AND NOT is_declared AND arrayExists(s -> p.posted_at >= s.1 AND p.posted_at <= s.2, m.early) AS is_early
        FROM
        (
            SELECT
                platform, account_id, posted_at, arrayMap(t -> toString(t), tags) AS tags, toString(lang) AS lang, followers,
                ifNull(views, 0) AS views, ifNull(likes, 0) AS likes, ifNull(reposts, 0) AS reposts, ifNull(replies, 0) AS replies, ifNull(quotes, 0) AS quotes
            FROM posts FINAL
            WHERE campaign = {campaign:String} AND id_hour IN (SELECT id_hour FROM lying)
                AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
        ) AS p
        LEFT JOIN (SELECT * FROM sides WHERE campaign = {campaign:String}) AS m ON m.platform = p.platform AND m.account_id = p.account_id
    ),
    -- What adds up over posts, in the shortest of the buckets.
    sums AS
    (
        SELECT
            intDiv(second, arrayMin({steps:Array(UInt32)})) * arrayMin({steps:Array(UInt32)}) AS at_second,
            cell,
            any(part.1) AS tag,
            any(part.2) AS lang,
            any(platform) AS cell_platform,
            min(posted_at) AS first_at,
            max(posted_at) AS last_at,
            count() AS posts,
            sum(told) AS impressions,
            sum(views) AS n_views,
            sum(likes) AS n_likes,
            sum(reposts) AS n_reposts,
            sum(replies) AS n_replies,
            sum(quotes) AS n_quotes,
            countIf(is_coordinated) AS coordinated,
            sumIf(told, is_coordinated) AS coordinated_impressions,
            sumIf(views, is_coordinated) AS coordinated_views,
            sumIf(likes, is_coordinated) AS coordinated_likes,
            sumIf(reposts, is_coordinated) AS coordinated_reposts,
            sumIf(replies, is_coordinated) AS coordinated_replies,
            sumIf(quotes, is_coordinated) AS coordinated_quotes,
            countIf(is_sure) AS sure,
            countIf(is_declared) AS declared,
            countIf(is_early) AS early
        FROM
        (
            SELECT
                second, grain, posted_at, platform, ifNull(followers, 0) AS told, views, likes, reposts, replies, quotes, is_coordinated, is_sure, is_declared, is_early,
                arrayJoin(parts) AS part, sipHash64(part.1, part.2) AS part_key, bitXor(part_key, sipHash64(platform)) AS cell
            FROM judged
        ) AS j
        WHERE part = ('', '') OR (grain, part_key) IN (SELECT grain, part_key FROM kept)
        GROUP BY at_second, cell
    ),
    -- What counts an account once: each account of a bucket, with the followers told
    -- last in it. told_at is a time and the followers told then, increased by one: the
    -- highest is the last.
    uniques AS
    (
        SELECT
            step, at_second, cell,
            count() AS accounts,
            countIf(told_last != 0) AS known,
            sum(told_last - (told_last != 0)) AS reach,
            countIf(bitAnd(sides, 1) != 0) AS coordinated,
            sumIf(told_last - (told_last != 0), bitAnd(sides, 1) != 0) AS coordinated_reach,
            countIf(bitAnd(sides, 2) != 0) AS sure,
            countIf(bitAnd(sides, 4) != 0) AS declared,
            countIf(bitAnd(sides, 8) != 0) AS early
        FROM
        (
            SELECT step, intDiv(second, step) * step AS at_second, cell, account, toUInt64(bitAnd(max(told_at), 18446744073709551615)) AS told_last, groupBitOr(side) AS sides
            FROM
            (
                SELECT second, cell, account, told_at, side, arrayJoin({steps:Array(UInt32)}) AS step
                FROM
                (
                    SELECT
                        second, grain,
                        sipHash64(account_id) AS account,
                        ifNull(bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(posted_at)), 64), toUInt128(followers + 1)), 0) AS told_at,
                        toUInt8(is_coordinated + 2 * is_sure + 4 * is_declared + 8 * is_early) AS side,
                        arrayJoin(arrayMap(p -> sipHash64(p.1, p.2), parts)) AS part_key, bitXor(part_key, sipHash64(platform)) AS cell
                    FROM judged
                )
                WHERE part_key = sipHash64('', '') OR (grain, part_key) IN (SELECT grain, part_key FROM kept)
            )
            GROUP BY step, at_second, cell, account
        )
        GROUP BY step, at_second, cell
    )
SELECT
    {campaign:String} AS campaign,
    step,
    tag,
    lang,
    platform,
    toDateTime(at_second, 'UTC') AS at,
    min(n_first), max(n_last),
    sum(n_posts), sum(n_accounts), sum(n_known), sum(n_reach), sum(n_impressions),
    sum(n_views), sum(n_likes), sum(n_reposts), sum(n_replies), sum(n_quotes),
    sum(n_coordinated_posts), sum(n_coordinated_accounts), sum(n_coordinated_reach), sum(n_coordinated_impressions),
    sum(n_coordinated_views), sum(n_coordinated_likes), sum(n_coordinated_reposts), sum(n_coordinated_replies), sum(n_coordinated_quotes),
    sum(n_sure_posts), sum(n_sure_accounts), sum(n_declared_posts), sum(n_declared_accounts), sum(n_early_posts), sum(n_early_accounts),
    {version:UInt64} AS version
FROM
(
    SELECT
        s.step AS step, s.tag AS tag, s.lang AS lang, toString(s.platform) AS platform, s.bucket AS at_second,
        toNullable(s.first_at) AS n_first, toNullable(s.last_at) AS n_last,
        s.posts AS n_posts, u.accounts AS n_accounts, u.known AS n_known, u.reach AS n_reach, s.impressions AS n_impressions,
        s.n_views AS n_views, s.n_likes AS n_likes, s.n_reposts AS n_reposts, s.n_replies AS n_replies, s.n_quotes AS n_quotes,
        s.coordinated AS n_coordinated_posts, u.coordinated AS n_coordinated_accounts, u.coordinated_reach AS n_coordinated_reach,
        s.coordinated_impressions AS n_coordinated_impressions, s.coordinated_views AS n_coordinated_views, s.coordinated_likes AS n_coordinated_likes,
        s.coordinated_reposts AS n_coordinated_reposts, s.coordinated_replies AS n_coordinated_replies, s.coordinated_quotes AS n_coordinated_quotes,
        s.sure AS n_sure_posts, u.sure AS n_sure_accounts, s.declared AS n_declared_posts, u.declared AS n_declared_accounts,
        s.early AS n_early_posts, u.early AS n_early_accounts
    FROM
    (
        SELECT
            arrayJoin({steps:Array(UInt32)}) AS step, intDiv(m.at_second, step) * step AS bucket, m.cell AS cell, any(m.tag) AS tag, any(m.lang) AS lang, any(m.cell_platform) AS platform,
            min(m.first_at) AS first_at, max(m.last_at) AS last_at, sum(m.posts) AS posts, sum(m.impressions) AS impressions,
            sum(m.n_views) AS n_views, sum(m.n_likes) AS n_likes, sum(m.n_reposts) AS n_reposts, sum(m.n_replies) AS n_replies, sum(m.n_quotes) AS n_quotes,
            sum(m.coordinated) AS coordinated, sum(m.coordinated_impressions) AS coordinated_impressions, sum(m.coordinated_views) AS coordinated_views,
            sum(m.coordinated_likes) AS coordinated_likes, sum(m.coordinated_reposts) AS coordinated_reposts, sum(m.coordinated_replies) AS coordinated_replies,
            sum(m.coordinated_quotes) AS coordinated_quotes, sum(m.sure) AS sure, sum(m.declared) AS declared, sum(m.early) AS early
        FROM sums AS m
        GROUP BY step, bucket, cell
    ) AS s
    INNER JOIN uniques AS u ON u.step = s.step AND u.at_second = s.bucket AND u.cell = s.cell
    UNION ALL
    SELECT step, tag, toString(lang), platform, toUnixTimestamp(at), NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM {reach:Identifier} FINAL
    WHERE campaign = {campaign:String} AND has({steps:Array(UInt32)}, step) AND posts > 0
        AND at >= arrayMin({hours:Array(DateTime('UTC'))}) AND at <= arrayMax({hours:Array(DateTime('UTC'))}) + INTERVAL 1 HOUR
        AND toStartOfHour(at) IN {hours:Array(DateTime('UTC'))}
)
GROUP BY step, tag, lang, platform, at_second
