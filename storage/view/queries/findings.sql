-- Open findings of a campaign, the strongest first: those that no person judged wrong,
-- or those that somebody did; one, whatever was judged, if an id is given. Each with the
-- word of a person that counts. The target of a pile-on is shown by its handle where
-- that is known.
WITH said AS
(
    SELECT finding_id, verdict, note, author, at FROM verdicts FINAL
    WHERE campaign = {campaign:String} AND ({id:String} = '' OR finding_id = {id:String})
)
SELECT
    f.campaign, f.finding_id, f.kind, f.sentence, f.started_at, f.ended_at, f.detected_at, f.bits, f.confidence, f.expected, f.observed,
    f.target, t.handle, f.declared, f.accounts, f.posts, f.objects, v.verdict, v.note, v.author, v.at
FROM
(
    SELECT * FROM findings FINAL
    WHERE campaign = {campaign:String} AND state = 'open'
        AND if({id:String} = '', (finding_id IN (SELECT finding_id FROM said WHERE verdict = 'wrong')) = ({wrong:UInt8} = 1), finding_id = {id:String})
) AS f
LEFT JOIN
(
    SELECT account_id, argMax(handle, observed_at) AS handle
    FROM accounts
    WHERE account_id IN (SELECT target FROM findings WHERE campaign = {campaign:String} AND target != '')
    GROUP BY account_id
) AS t ON t.account_id = f.target
LEFT JOIN said AS v ON v.finding_id = f.finding_id
ORDER BY f.declared != '', f.accounts DESC, f.started_at, f.finding_id
