-- When posts that may be stored already were posted, as first told.
SELECT platform, post_id, min(posted_at) AS first
FROM posts
WHERE post_id IN {ids:Array(String)}
GROUP BY platform, post_id
