-- Open findings of a campaign that no person judged wrong, the strongest first; one,
-- whatever was judged, if an id is given. The
-- target of a pile-on is shown by its handle where that is known.
SELECT
    f.campaign, f.finding_id, f.kind, f.sentence, f.started_at, f.ended_at, f.detected_at, f.bits, f.confidence, f.expected, f.observed,
    f.target, t.handle, f.declared, f.accounts, f.posts, f.objects
FROM
(
    SELECT * FROM findings FINAL
    WHERE campaign = {campaign:String} AND state = 'open'
        AND if({id:String} = '', finding_id NOT IN (SELECT finding_id FROM verdicts FINAL WHERE campaign = {campaign:String} AND verdict = 'wrong'), finding_id = {id:String})
) AS f
LEFT JOIN
(
    SELECT account_id, argMax(handle, observed_at) AS handle
    FROM accounts
    WHERE account_id IN (SELECT target FROM findings WHERE campaign = {campaign:String} AND target != '')
    GROUP BY account_id
) AS t ON t.account_id = f.target
ORDER BY f.declared != '', f.accounts DESC, f.started_at, f.finding_id
