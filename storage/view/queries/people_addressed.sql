-- Posts of a campaign that mention, answer or quote an account, whether part of a pile-on
-- or not, by the hour and by the side of the account that posted at that time. The account
-- is known by ids and handles in lower case.
SELECT
    at,
    count() AS posts,
    countIf(side = 'coordinated') AS coordinated,
    countIf(side = 'declared') AS declared
FROM
(
    SELECT
        toStartOfHour(toDateTime(p.posted_at, 'UTC')) AS at,
        multiIf(
            arrayExists(t -> p.posted_at >= t.1 AND p.posted_at <= t.2, s.coordinated), 'coordinated',
            arrayExists(t -> p.posted_at >= t.1 AND p.posted_at <= t.2, s.declared), 'declared',
            'organic') AS side
    FROM
    (
        SELECT platform, account_id, posted_at
        FROM posts FINAL
        WHERE campaign = {campaign:String} AND ({platform:String} = '' OR platform = {platform:String})
            -- Where these posts lie in the table: read this way, all versions of each
            -- are found without reading everything between them.
            AND id_hour IN
            (
                SELECT DISTINCT id_hour FROM posts
                WHERE campaign = {campaign:String}
                    AND toStartOfHour(toDateTime(posted_at, 'UTC')) >= {from:DateTime('UTC')}
                    AND toStartOfHour(toDateTime(posted_at, 'UTC')) < {to:DateTime('UTC')}
            )
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) >= {from:DateTime('UTC')}
            AND toStartOfHour(toDateTime(posted_at, 'UTC')) < {to:DateTime('UTC')}
            AND (has({names:Array(String)}, lowerUTF8(reply_to_account)) OR has({names:Array(String)}, lowerUTF8(reply_to_handle))
                OR has({names:Array(String)}, lowerUTF8(quote_of_account)) OR has({names:Array(String)}, lowerUTF8(quote_of_handle))
                OR arrayExists(m -> has({names:Array(String)}, lowerUTF8(m)), mentions)
                OR arrayExists(m -> has({names:Array(String)}, lowerUTF8(m)), mention_handles))
    ) AS p
    LEFT JOIN (SELECT * FROM sides WHERE campaign = {campaign:String}) AS s ON s.platform = p.platform AND s.account_id = p.account_id
)
GROUP BY at
ORDER BY at
