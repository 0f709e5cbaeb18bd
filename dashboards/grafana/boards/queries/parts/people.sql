toStartOfHour($__fromTime, 'UTC') AS begin,
    toStartOfHour($__toTime, 'UTC') + INTERVAL 1 HOUR AS finish,
    toStartOfDay(begin + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay(finish, 'UTC') AS end_day,
    -- Each account of the hours shown once, whole days read as days. Who posted is
    -- not known of a tag or language alone, nor from before posts were let go of. The
    -- followers told last are one too many, and 0 for unknown: they are the low 42
    -- bits of the highest number that begins with the hour in which they were told.
    people AS
    (
        SELECT
            max(if(followers IS NULL, 0, bitOr(bitShiftLeft(toUInt64(intDiv(toUnixTimestamp(at), 3600)), 42), least(assumeNotNull(followers), 4398046511102) + 1))) AS told_at,
            bitAnd(told_at, 4398046511103) AS told,
            max(coordinated_posts > 0) AS is_coordinated
        FROM
        (
            SELECT platform, account_id, at, followers, coordinated_posts
            FROM account_buckets FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 86400 AND platform IN (${platform:singlequote}) AND posts > 0
                AND at >= first_day AND at < end_day
            UNION ALL
            SELECT platform, account_id, at, followers, coordinated_posts
            FROM account_buckets FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 3600 AND platform IN (${platform:singlequote}) AND posts > 0
                AND at >= begin AND at < finish AND NOT (at >= first_day AND at < end_day)
        )
        WHERE ${tag:singlequote} = '*' AND ${language:singlequote} = '*'
            AND begin >= (SELECT max(before) FROM horizons WHERE campaign = ${campaign:singlequote})
        GROUP BY sipHash64(platform, account_id)
    )
