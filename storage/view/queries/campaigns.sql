-- Totals of each campaign, or of one if a name is given. Early findings are
-- counted apart, and their accounts not at all: they may be taken back.
WITH
    open_findings AS
    (
        SELECT campaign, finding_id, declared, confidence = 'early' AS is_early, version FROM findings FINAL
        WHERE state = 'open' AND ({campaign:String} = '' OR campaign = {campaign:String})
    ),
    members AS
    (
        SELECT a.campaign AS campaign, f.declared AS declared, (a.platform, a.account_id) AS account
        FROM (SELECT * FROM finding_accounts FINAL) AS a
        INNER JOIN open_findings AS f ON a.campaign = f.campaign AND a.finding_id = f.finding_id AND a.version = f.version
        WHERE NOT f.is_early
    )
SELECT
    t.campaign AS campaign,
    t.posts AS posts,
    t.accounts AS accounts,
    t.potential_reach AS potential_reach,
    t.reach_known AS reach_known,
    b.coordinated_posts AS coordinated_posts,
    m.coordinated_accounts AS coordinated_accounts,
    b.declared_posts AS declared_posts,
    m.declared_accounts AS declared_accounts,
    f.findings AS findings,
    f.declared_findings AS declared_findings,
    f.early_findings AS early_findings,
    t.first AS first,
    t.last AS last
FROM
(
    SELECT
        campaign,
        sum(n) AS posts,
        count() AS accounts,
        sum(ifNull(reach, 0)) AS potential_reach,
        countIf(reach IS NOT NULL) AS reach_known,
        min(first_at) AS first,
        max(last_at) AS last
    FROM
    (
        SELECT
            campaign, platform, account_id,
            count() AS n,
            argMax(followers, (posted_at, post_id)) AS reach,
            min(posted_at) AS first_at,
            max(posted_at) AS last_at
        FROM posts FINAL
        WHERE {campaign:String} = '' OR campaign = {campaign:String}
        GROUP BY campaign, platform, account_id
    )
    GROUP BY campaign
) AS t
LEFT JOIN
(
    SELECT campaign, sum(coordinated_posts) AS coordinated_posts, sum(declared_posts) AS declared_posts
    FROM reach FINAL
    WHERE step = 86400 AND tag = ''
    GROUP BY campaign
) AS b ON b.campaign = t.campaign
LEFT JOIN
(
    SELECT
        campaign,
        countIf(declared = '' AND NOT is_early) AS findings,
        countIf(declared != '') AS declared_findings,
        countIf(declared = '' AND is_early) AS early_findings
    FROM open_findings
    GROUP BY campaign
) AS f ON f.campaign = t.campaign
LEFT JOIN
(
    SELECT
        campaign,
        uniqExactIf(account, declared = '') AS coordinated_accounts,
        uniqExactIf(account, declared != '') AS declared_accounts
    FROM members
    GROUP BY campaign
) AS m ON m.campaign = t.campaign
ORDER BY campaign
