-- What people judged of a campaign's findings, the newest first; those taken back are
-- left out.
SELECT finding_id, verdict, note, author, at
FROM verdicts FINAL
WHERE campaign = {campaign:String} AND verdict != ''
ORDER BY at DESC, finding_id
LIMIT {limit:UInt64}
