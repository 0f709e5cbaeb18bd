-- A finding that its own evidence no longer supports is withdrawn, and stays
-- on record.
-- (No aliases: one that equals a column would hide it from the WHERE.)
INSERT INTO findings
SELECT
    campaign, finding_id, kind, 'withdrawn', sentence, started_at, ended_at, detected_at, bits, confidence, expected, observed,
    target, declared, accounts, posts, objects, fingerprint, {version:UInt64}
FROM findings FINAL
WHERE campaign = {campaign:String} AND has({ids:Array(String)}, finding_id) AND state = 'open'
