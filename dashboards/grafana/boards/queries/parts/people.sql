toStartOfHour($__fromTime, 'UTC') AS begin,
    toStartOfHour($__toTime, 'UTC') + INTERVAL 1 HOUR AS finish,
    toStartOfDay(begin + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay(finish, 'UTC') AS end_day,
    -- Each account of the hours shown once, whole days read as days. Who posted is
    -- not known of a tag or language alone, nor from before posts were let go of.
    people AS
    (
        SELECT
            platform, account_id, argMax(followers, at) AS told,
            sum(coordinated_posts) > 0 AS is_coordinated, sum(sure_posts) > 0 AS is_sure, sum(early_posts) > 0 AS is_early
        FROM
        (
            SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, early_posts
            FROM account_buckets FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 86400 AND platform IN (${platform:singlequote}) AND posts > 0
                AND at >= first_day AND at < end_day
            UNION ALL
            SELECT platform, account_id, at, followers, coordinated_posts, sure_posts, early_posts
            FROM account_buckets FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 3600 AND platform IN (${platform:singlequote}) AND posts > 0
                AND at >= begin AND at < finish AND NOT (at >= first_day AND at < end_day)
        )
        WHERE ${tag:singlequote} = '*' AND ${language:singlequote} = '*'
            AND begin >= (SELECT max(before) FROM horizons WHERE campaign = ${campaign:singlequote})
        GROUP BY platform, account_id
    )
