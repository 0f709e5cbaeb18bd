-- The posts of some hours and when they were posted.
SELECT platform, post_id, min(posted_at) AS first
FROM posts
WHERE toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
GROUP BY platform, post_id
ORDER BY first DESC
LIMIT {limit:UInt64}
