campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})
            -- Where these posts lie in the table: read this way, all versions of each
            -- are found without reading everything between them.
            AND id_hour IN
            (
                SELECT DISTINCT id_hour FROM posts
                WHERE campaign = ${campaign:singlequote}
                    AND toStartOfHour(toDateTime(posted_at, 'UTC')) >= toStartOfHour(greatest($__fromTime, $__toTime - INTERVAL 2 DAY), 'UTC')
                    AND toStartOfHour(toDateTime(posted_at, 'UTC')) <= toStartOfHour($__toTime, 'UTC')
            )
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) >= toStartOfHour(greatest($__fromTime, $__toTime - INTERVAL 2 DAY), 'UTC')
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) <= toStartOfHour($__toTime, 'UTC')
            AND posted_at >= greatest($__fromTime, $__toTime - INTERVAL 2 DAY) AND posted_at <= $__toTime
