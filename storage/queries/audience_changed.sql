-- What the accounts of days come to, and whether that is other than when the audience
-- was computed of them: posts that are deleted mark their hours, and change no account.
SELECT days.day AS day, now.digest AS digest, now.digest != seen.digest AS changed
FROM (SELECT arrayJoin({days:Array(DateTime('UTC'))}) AS day) AS days
LEFT JOIN
(
    SELECT
        toStartOfDay(at, 'UTC') AS day,
        sum(cityHash64(
            platform, account_id, at, followers IS NULL, ifNull(followers, 0),
            coordinated_posts > 0, sure_posts > 0, declared_posts > 0, early_posts > 0)) AS digest
    FROM account_buckets FINAL
    WHERE campaign = {campaign:String} AND step = 3600 AND posts > 0
        AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
        AND toStartOfDay(at, 'UTC') IN {days:Array(DateTime('UTC'))}
    GROUP BY day
) AS now ON now.day = days.day
LEFT JOIN
(
    SELECT day, digest
    FROM audience_days FINAL
    WHERE campaign = {campaign:String}
) AS seen ON seen.day = days.day
ORDER BY day
