-- Open findings of a campaign, the strongest first; one if an id is given.
SELECT
    campaign, finding_id, kind, sentence, started_at, ended_at, bits, expected, observed,
    target, declared, accounts, posts, objects
FROM findings FINAL
WHERE campaign = {campaign:String} AND state = 'open' AND ({id:String} = '' OR finding_id = {id:String})
ORDER BY declared != '', accounts DESC, started_at, finding_id
