toStartOfHour($__fromTime, 'UTC') AS begin,
    toStartOfHour($__toTime, 'UTC') + INTERVAL 1 HOUR AS finish,
    toStartOfDay(begin + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay(finish, 'UTC') AS end_day,
    -- What the hours shown add to the unique accounts of spans that begin where they
    -- do, whole days read as days. Who posted is not known of a tag or language alone,
    -- nor from before posts were let go of.
    people AS
    (
        SELECT sum(accounts) AS everybody, sum(coordinated_accounts) AS coordinated, sum(reach_known) AS told, sum(potential_reach) AS followers
        FROM
        (
            SELECT accounts, coordinated_accounts, reach_known, potential_reach
            FROM audience FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 86400 AND platform IN (${platform:singlequote})
                AND at >= first_day AND at < end_day AND since >= begin
            UNION ALL
            SELECT accounts, coordinated_accounts, reach_known, potential_reach
            FROM audience FINAL
            WHERE campaign = ${campaign:singlequote} AND step = 3600 AND platform IN (${platform:singlequote})
                AND at >= begin AND at < finish AND NOT (at >= first_day AND at < end_day) AND since >= begin
        )
        WHERE ${tag:singlequote} = '*' AND ${language:singlequote} = '*'
            AND begin >= (SELECT max(before) FROM horizons WHERE campaign = ${campaign:singlequote})
    )
