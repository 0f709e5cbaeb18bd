-- Which of some posts are known to be deleted, by the ids that sources use.
SELECT DISTINCT platform, native_id
FROM tombstones
WHERE (platform, native_id) IN (SELECT arrayJoin(arrayZip({platforms:Array(String)}, {ids:Array(String)})))
