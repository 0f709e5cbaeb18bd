-- What was measured of each pile-on that counts or may yet: undeclared, open, and judged
-- wrong by nobody. An account is there for the first time in the pile-on that has its
-- first post of all at this target. Pauses are those between one post and the next.
WITH
    hit AS
    (
        SELECT finding_id, version, target FROM findings FINAL
        WHERE campaign = {campaign:String} AND state = 'open' AND target != '' AND declared = ''
            AND finding_id NOT IN (SELECT finding_id FROM verdicts FINAL WHERE campaign = {campaign:String} AND verdict = 'wrong')
    ),
    told AS
    (
        SELECT h.target AS target, p.finding_id AS finding_id, p.platform AS platform, p.account_id AS account_id, p.post_id AS post_id, min(p.at) AS at
        FROM
        (
            SELECT * FROM finding_posts FINAL
            WHERE campaign = {campaign:String} AND finding_id IN (SELECT finding_id FROM hit)
        ) AS p
        INNER JOIN hit AS h ON h.finding_id = p.finding_id AND h.version = p.version
        GROUP BY h.target, p.finding_id, p.platform, p.account_id, p.post_id
    )
SELECT
    h.finding_id AS finding_id,
    f.first_time AS first_time,
    g.pauses AS pauses,
    g.close AS close,
    if(g.pauses = 0, 0., g.median) AS median,
    e.peak AS peak,
    e.usual AS usual
FROM hit AS h
LEFT JOIN
(
    SELECT finding_id, count() AS first_time
    FROM
    (
        SELECT argMin(finding_id, (at, finding_id)) AS finding_id FROM told
        GROUP BY target, platform, account_id
    )
    GROUP BY finding_id
) AS f ON f.finding_id = h.finding_id
LEFT JOIN
(
    SELECT finding_id, count() AS pauses, countIf(seconds <= 10) AS close, quantileExact(0.5)(seconds) AS median
    FROM
    (
        SELECT
            finding_id,
            dateDiff('millisecond', lagInFrame(at, 1, at) OVER w, at) / 1000 AS seconds,
            row_number() OVER w AS nth
        FROM told
        WINDOW w AS (PARTITION BY finding_id ORDER BY at, platform, post_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
    WHERE nth > 1
    GROUP BY finding_id
) AS g ON g.finding_id = h.finding_id
LEFT JOIN
(
    SELECT finding_id, toUInt64(max(observed)) AS peak, argMax(base, observed) AS usual
    FROM finding_evidence FINAL
    WHERE campaign = {campaign:String} AND kind = 'pile-on' AND name = 'accounts within the window'
        AND (finding_id, version) IN (SELECT finding_id, version FROM hit)
    GROUP BY finding_id
) AS e ON e.finding_id = h.finding_id
ORDER BY finding_id
