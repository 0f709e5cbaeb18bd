-- Posts of the evidence, by the second where the time shown is short enough.
SELECT
    toStartOfInterval(at, INTERVAL greatest(1, $__interval_s) second) AS time,
    uniqExact(platform, post_id) AS "posts of the evidence"
FROM finding_posts FINAL
WHERE {{mine}} AND $__timeFilter(at)
GROUP BY time
ORDER BY time
