-- The open findings of a campaign as they were last written, to tell what changed.
-- One whose evidence was written anew and it was not, since the writer was
-- killed in between, has no fingerprint: newer evidence hides its own.
SELECT f.finding_id, if(e.newest > f.version, '', f.fingerprint), f.started_at, f.ended_at, f.accounts, CAST(f.confidence, 'String')
FROM
(
    SELECT finding_id, fingerprint, started_at, ended_at, accounts, confidence, version
    FROM findings FINAL
    WHERE campaign = {campaign:String} AND state = 'open'
) AS f
LEFT JOIN
(
    SELECT finding_id, max(version) AS newest
    FROM finding_accounts
    WHERE campaign = {campaign:String}
    GROUP BY finding_id
) AS e ON e.finding_id = f.finding_id
