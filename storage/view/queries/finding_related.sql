-- Other findings, of any campaign, with accounts or objects of this one: the most
-- accounts first. A moment is no object that anybody shares. Evidence rows belong to
-- the version of their finding's row, which leaves out those of findings that are gone
-- or were replaced, by the key and without FINAL. The last column is how many there
-- are in all.
WITH
    (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String}) AS newest,
    others AS
    (
        SELECT campaign, finding_id, version, kind, sentence, started_at, ended_at, confidence, declared, accounts, objects
        FROM findings FINAL
        WHERE state = 'open' AND (campaign, finding_id) != ({campaign:String}, {id:String})
    ),
    members AS
    (
        SELECT platform, account_id FROM finding_accounts
        WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest
    ),
    things AS
    (
        SELECT object_kind, object_id FROM finding_objects
        WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest AND object_kind != 'moment'
    )
SELECT
    f.campaign AS campaign, f.finding_id AS finding_id, f.kind AS kind, f.sentence AS sentence,
    f.started_at AS started_at, f.ended_at AS ended_at, f.confidence AS confidence, f.declared AS declared, v.verdict AS verdict,
    f.accounts AS accounts, s.common_accounts AS common_accounts, f.objects AS objects, s.common_objects AS common_objects,
    count() OVER () AS found
FROM
(
    SELECT campaign, finding_id, sum(n_accounts) AS common_accounts, sum(n_objects) AS common_objects
    FROM
    (
        SELECT campaign, finding_id, uniqExact(platform, account_id) AS n_accounts, 0 AS n_objects
        FROM finding_accounts
        WHERE (campaign, finding_id, version) IN (SELECT campaign, finding_id, version FROM others)
            AND (platform, account_id) IN (SELECT platform, account_id FROM members)
        GROUP BY campaign, finding_id
        UNION ALL
        SELECT campaign, finding_id, 0, uniqExact(object_kind, object_id)
        FROM finding_objects
        WHERE (campaign, finding_id, version) IN (SELECT campaign, finding_id, version FROM others)
            AND (object_kind, object_id) IN (SELECT object_kind, object_id FROM things)
        GROUP BY campaign, finding_id
    )
    GROUP BY campaign, finding_id
) AS s
INNER JOIN others AS f ON f.campaign = s.campaign AND f.finding_id = s.finding_id
LEFT JOIN (SELECT campaign, finding_id, verdict FROM verdicts FINAL) AS v ON v.campaign = f.campaign AND v.finding_id = f.finding_id
ORDER BY common_accounts DESC, common_objects DESC, started_at DESC, campaign, finding_id
LIMIT {limit:UInt32}
