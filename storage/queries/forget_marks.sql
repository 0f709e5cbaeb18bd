-- Marks the hours of posts that are to be erased, or of which something is taken out.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at)), 'posts', 0, {version:UInt64}
FROM posts
WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    OR (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'naming')
