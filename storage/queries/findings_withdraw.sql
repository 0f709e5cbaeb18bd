-- A finding that its own evidence no longer supports is withdrawn, one whose
-- accounts another one holds now is merged into that. Both stay on record.
-- (No aliases: one that equals a column would hide it from the WHERE.)
INSERT INTO findings
    (campaign, finding_id, kind, state, merged_into, sentence, started_at, ended_at, detected_at, bits, confidence, expected, observed,
    target, declared, accounts, posts, objects, fingerprint, version)
SELECT
    campaign, finding_id, kind,
    if({into:Array(String)}[indexOf({ids:Array(String)}, finding_id)] = '', 'withdrawn', 'merged'),
    {into:Array(String)}[indexOf({ids:Array(String)}, finding_id)],
    sentence, started_at, ended_at, detected_at, bits, confidence, expected, observed,
    target, declared, accounts, posts, objects, fingerprint, {version:UInt64}
FROM findings FINAL
WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id) AND state = 'open'
