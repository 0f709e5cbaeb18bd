campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) >= toStartOfHour(greatest($__fromTime, $__toTime - INTERVAL 2 DAY), 'UTC')
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) <= toStartOfHour($__toTime, 'UTC')
            AND posted_at >= greatest($__fromTime, $__toTime - INTERVAL 2 DAY) AND posted_at <= $__toTime
