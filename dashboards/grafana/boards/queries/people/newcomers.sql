-- Each account once for each target, at its first post of the evidence.
SELECT toStartOfInterval(first, INTERVAL greatest(60, $__interval_s) second) AS time, count() AS "accounts for the first time"
FROM
(
    SELECT f.target AS target, p.platform AS platform, p.account_id AS account_id, min(p.at) AS first
    FROM finding_posts AS p FINAL
    INNER JOIN (SELECT finding_id, version, target FROM findings FINAL WHERE {{pile_ons}} AND declared = '') AS f ON f.finding_id = p.finding_id AND f.version = p.version
    WHERE p.campaign = ${campaign:singlequote} AND p.platform IN (${platform:singlequote})
    GROUP BY f.target, p.platform, p.account_id
)
WHERE $__timeFilter(first)
GROUP BY time
ORDER BY time
