-- Marks the hours of deleted posts: detection sees them without their content.
-- The ids are those that sources use.
INSERT INTO marks (campaign, hour, cause, done, version)
WITH gone AS (SELECT arrayJoin(arrayZip({platforms:Array(String)}, {ids:Array(String)})) AS named)
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at)), 'posts', 0, {version:UInt64}
FROM posts
WHERE (platform, post_id) IN
(
    SELECT named.1, named.2 FROM gone
    UNION ALL
    SELECT platform, post_id FROM aliases WHERE (platform, native_id) IN (SELECT named FROM gone)
)
    AND post_id IN
(
    SELECT named.2 FROM gone
    UNION ALL
    SELECT post_id FROM aliases WHERE (platform, native_id) IN (SELECT named FROM gone)
)
