-- Marks the hours of deleted posts: detection sees them without their content.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at)), 'posts', 0, {version:UInt64}
FROM posts
WHERE native_id IN {ids:Array(String)}
    AND (platform, native_id) IN (SELECT platform, native_id FROM tombstones WHERE native_id IN {ids:Array(String)})
