-- Totals of each campaign, or of one if a name is given, as last recomputed. Early
-- findings are counted apart, and their accounts not at all: they may be taken back.
SELECT
    t.campaign AS campaign,
    t.posts AS posts,
    t.accounts AS accounts,
    t.potential_reach AS potential_reach,
    t.reach_known AS reach_known,
    t.coordinated_posts AS coordinated_posts,
    t.coordinated_accounts AS coordinated_accounts,
    t.sure_posts AS sure_posts,
    t.declared_posts AS declared_posts,
    t.declared_accounts AS declared_accounts,
    t.early_posts AS early_posts,
    f.findings AS findings,
    f.declared_findings AS declared_findings,
    f.early_findings AS early_findings,
    t.first AS first,
    t.last AS last
FROM
(
    SELECT
        campaign,
        sum(reach.posts) AS posts,
        sum(reach.accounts) AS accounts,
        sum(reach.potential_reach) AS potential_reach,
        sum(reach.accounts_reach_known) AS reach_known,
        sum(reach.coordinated_posts) AS coordinated_posts,
        sum(reach.coordinated_accounts) AS coordinated_accounts,
        sum(reach.sure_posts) AS sure_posts,
        sum(reach.declared_posts) AS declared_posts,
        sum(reach.declared_accounts) AS declared_accounts,
        sum(reach.early_posts) AS early_posts,
        minIf(reach.first_at, reach.posts > 0) AS first,
        maxIf(reach.last_at, reach.posts > 0) AS last
    FROM reach FINAL
    WHERE ({campaign:String} = '' OR campaign = {campaign:String}) AND step = 0
    GROUP BY campaign
    HAVING posts > 0
) AS t
LEFT JOIN
(
    SELECT
        campaign,
        countIf(declared = '' AND confidence != 'early') AS findings,
        countIf(declared != '') AS declared_findings,
        countIf(declared = '' AND confidence = 'early') AS early_findings
    FROM findings FINAL
    WHERE state = 'open' AND ({campaign:String} = '' OR campaign = {campaign:String})
        AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
    GROUP BY campaign
) AS f ON f.campaign = t.campaign
ORDER BY campaign
