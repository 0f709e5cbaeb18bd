-- What is known of each campaign in the time shown, those with coordination first.
SELECT
    multiIf(f.found > 0, 'Coordinated activity found', t.posts = 0, 'No posts', f.early > 0, 'Nothing but an early sign so far',
        f.declared > 0, 'None found besides declared actions', 'None found') AS "state",
    c.campaign AS "campaign",
    f.since AS "since",
    f.latest AS "last evidence",
    f.found AS "findings",
    f.early AS "early signs",
    f.declared AS "declared",
    t.posts AS "posts",
    if(t.posts > 0, t.coordinated / t.posts, NULL) AS "coordinated share",
    if(t.posts > 0, t.sure / t.posts, NULL) AS "at least",
    if(t.posts > 0, (t.coordinated + t.early) / t.posts, NULL) AS "at most",
    multiIf(w.sources = 0, 'not watched live', w.blind > 0, 'posts are missing now', 'yes') AS "seen now",
    toUnixTimestamp64Milli(ifNull(f.since, toDateTime64($__fromTime, 3, 'UTC'))) - 600000 AS from_ms,
    toUnixTimestamp64Milli(ifNull(f.latest, toDateTime64($__toTime, 3, 'UTC'))) + 600000 AS to_ms
FROM
(
    SELECT campaign FROM reach FINAL WHERE step = 0 AND posts > 0
    UNION DISTINCT
    SELECT campaign FROM watches
) AS c
LEFT JOIN
(
    SELECT
        campaign,
        sum(reach.posts) AS posts, sum(reach.coordinated_posts) AS coordinated, sum(reach.sure_posts) AS sure, sum(reach.early_posts) AS early
    FROM reach FINAL
    WHERE step = {{sum_step}} AND tag = '' AND lang = '' AND $__timeFilter(at)
    GROUP BY campaign
) AS t ON t.campaign = c.campaign
LEFT JOIN
(
    SELECT
        campaign,
        countIf(findings.declared = '' AND confidence != 'early') AS found,
        countIf(findings.declared = '' AND confidence = 'early') AS early,
        countIf(findings.declared != '') AS declared,
        minOrNullIf(started_at, findings.declared = '' AND confidence != 'early') AS since,
        maxOrNullIf(ended_at, findings.declared = '' AND confidence != 'early') AS latest
    FROM findings FINAL
    WHERE {{standing}} AND {{overlaps}}
    GROUP BY campaign
) AS f ON f.campaign = c.campaign
LEFT JOIN
(
    SELECT w.campaign AS campaign, uniqExact(w.source) AS sources, uniqExactIf(w.source, g.campaign = '' OR g.campaign = w.campaign) AS blind
    FROM (SELECT source, campaign FROM watches GROUP BY source, campaign) AS w
    LEFT JOIN
    (
        SELECT source, toNullable(toString(campaign)) AS campaign FROM gaps FINAL
        WHERE to_at IS NULL AND share <= 0 AND cause NOT IN ('before', 'counts-only', 'not-watched') AND from_at <= $__toTime
    ) AS g ON g.source = w.source
    GROUP BY w.campaign
) AS w ON w.campaign = c.campaign
ORDER BY f.found > 0 DESC, f.early > 0 DESC, t.posts DESC, c.campaign
LIMIT 500
