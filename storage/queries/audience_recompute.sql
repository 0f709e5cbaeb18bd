-- Recomputes what the hours and days of a stretch of whole days add to the audience
-- of spans, from the hours of accounts, and replaces it. What is no more is replaced
-- by zeros. The table's comment says how spans are counted.
--
-- Hours are counted from 1, so that 0 is "never". told holds an hour and, in its low
-- 42 bits, the followers told in it increased by one: the highest is what was told
-- last. A hash stands for an account: of 64 bits, two of a million are the same once in
-- forty million such stretches.
INSERT INTO {audience:Identifier}
    (campaign, step, at, platform, since, accounts, reach_known, potential_reach,
    coordinated_accounts, sure_accounts, coordinated_reach, declared_accounts, early_accounts, version)
WITH
    hours AS
    (
        SELECT
            toString(platform) AS net, sipHash64(platform, account_id) AS account,
            toUInt64(intDiv(toUnixTimestamp(at), 3600) + 1) AS hour,
            if(followers IS NULL, 0, bitOr(bitShiftLeft(hour, 42), least(assumeNotNull(followers), 4398046511102) + 1)) AS told,
            if(coordinated_posts > 0, hour, 0) AS coordinated,
            if(sure_posts > 0, hour, 0) AS sure,
            if(declared_posts > 0, hour, 0) AS declared,
            if(early_posts > 0, hour, 0) AS early
        FROM {accounts:Identifier} FINAL
        WHERE campaign = {campaign:String} AND step = 3600 AND posts > 0
            AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
    ),
    -- What was the last of each of these accounts before the stretch.
    earlier AS
    (
        SELECT
            any(toString(platform)) AS net, sipHash64(platform, account_id) AS account,
            max(toUInt64(intDiv(toUnixTimestamp(at), 3600) + 1) AS h) AS hour,
            max(if(followers IS NULL, 0, bitOr(bitShiftLeft(h, 42), least(assumeNotNull(followers), 4398046511102) + 1))) AS told,
            max(if(coordinated_posts > 0, h, 0)) AS coordinated,
            max(if(sure_posts > 0, h, 0)) AS sure,
            max(if(declared_posts > 0, h, 0)) AS declared,
            max(if(early_posts > 0, h, 0)) AS early
        FROM {accounts:Identifier} FINAL
        WHERE campaign = {campaign:String} AND step = 3600 AND posts > 0
            AND at >= (SELECT max(before) FROM horizons WHERE campaign = {campaign:String}) AND at < {from:DateTime('UTC')}
            AND sipHash64(platform, account_id) IN (SELECT account FROM hours)
        GROUP BY account
    ),
    -- Each hour of an account beside what was its last before it.
    linked AS
    (
        SELECT
            net, here, hour,
            toInt64(told > 0) AS knows,
            if(told > 0, toInt64(bitAnd(told, 4398046511103)) - 1, 0) AS followers,
            toInt64(coordinated > 0) AS is_coordinated,
            toInt64(sure > 0) AS is_sure,
            toInt64(declared > 0) AS is_declared,
            toInt64(early > 0) AS is_early,
            toInt64(max(hour) OVER before) AS last_hour,
            max(told) OVER before AS last_told,
            toInt64(bitShiftRight(last_told, 42)) AS last_known,
            if(last_told > 0, toInt64(bitAnd(last_told, 4398046511103)) - 1, 0) AS last_followers,
            toInt64(max(coordinated) OVER before) AS last_coordinated,
            toInt64(max(sure) OVER before) AS last_sure,
            toInt64(max(declared) OVER before) AS last_declared,
            toInt64(max(early) OVER before) AS last_early
        FROM
        (
            SELECT *, 1 AS here FROM hours
            UNION ALL
            SELECT *, 0 FROM earlier
        )
        WINDOW before AS (PARTITION BY account ORDER BY hour ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ),
    -- The followers of the coordinated: in a span that begins at or before since,
    -- what an account counted for before the hour is replaced by what it counts for
    -- with it. It counts if it was coordinated in the span, with what was told in it.
    added AS
    (
        SELECT
            net, hour,
            arrayJoin(arrayFilter(c -> c.1 > 0,
            [
                (toInt64(hour), 1, knows, knows * followers, is_coordinated, is_sure, is_coordinated * followers, is_declared, is_early),
                (last_hour, -1, 0, 0, 0, 0, 0, 0, 0),
                (if(knows OR is_coordinated, last_known, 0), 0, -knows, -knows * last_followers, 0, 0, is_coordinated * (1 - knows) * last_followers, 0, 0),
                (if(knows OR is_coordinated, last_coordinated, 0), 0, 0, 0, -is_coordinated, 0, (1 - is_coordinated) * followers, 0, 0),
                (if(knows OR is_coordinated, least(last_known, last_coordinated), 0), 0, 0, 0, 0, 0, -last_followers, 0, 0),
                (is_sure * last_sure, 0, 0, 0, 0, -1, 0, 0, 0),
                (is_declared * last_declared, 0, 0, 0, 0, 0, 0, -1, 0),
                (is_early * last_early, 0, 0, 0, 0, 0, 0, 0, -1)
            ])) AS c
        FROM linked
        WHERE here = 1
    )
SELECT
    {campaign:String} AS campaign, grain, toDateTime(second, 'UTC') AS at, net AS platform, toDateTime((first_hour - 1) * 3600, 'UTC') AS since,
    sum(n_accounts), sum(n_known), sum(n_reach), sum(n_coordinated), sum(n_sure), sum(n_coordinated_reach), sum(n_declared), sum(n_early),
    {version:UInt64} AS version
FROM
(
    SELECT
        arrayJoin([3600, 86400]) AS grain, toUInt32(intDiv((hour - 1) * 3600, grain) * grain) AS second, net, toUInt64(first_hour) AS first_hour,
        n_accounts, n_known, n_reach, n_coordinated, n_sure, n_coordinated_reach, n_declared, n_early
    FROM
    (
        SELECT
            hour, net, c.1 AS first_hour,
            sum(c.2) AS n_accounts, sum(c.3) AS n_known, sum(c.4) AS n_reach, sum(c.5) AS n_coordinated, sum(c.6) AS n_sure,
            sum(c.7) AS n_coordinated_reach, sum(c.8) AS n_declared, sum(c.9) AS n_early
        FROM added
        GROUP BY hour, net, first_hour
    )
    UNION ALL
    SELECT b.step, toUnixTimestamp(b.at), toString(b.platform), intDiv(toUnixTimestamp(b.since), 3600) + 1, 0, 0, 0, 0, 0, 0, 0, 0
    FROM {audience:Identifier} AS b FINAL
    WHERE b.campaign = {campaign:String} AND b.step IN (3600, 86400) AND b.at >= {from:DateTime('UTC')} AND b.at < {to:DateTime('UTC')}
)
GROUP BY grain, second, net, first_hour
