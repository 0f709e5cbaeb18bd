-- How long after the post before it, at the same account, each post of a pile-on came.
SELECT at AS time, least(seconds, 86400) AS "seconds"
FROM
(
    SELECT
        at,
        finding_id,
        greatest(dateDiff('millisecond', lagInFrame(at, 1, at) OVER w, at) / 1000, 0.05) AS seconds,
        row_number() OVER w AS nth
    FROM finding_posts FINAL
    WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND $__timeFilter(at)
        AND (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE {{pile_ons}} AND declared = '')
    WINDOW w AS (PARTITION BY finding_id ORDER BY at, platform, post_id, object_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
)
WHERE nth > 1
ORDER BY at, finding_id
LIMIT 20000
