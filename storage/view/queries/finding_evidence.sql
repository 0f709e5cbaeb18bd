-- What the bits of a finding are made of, the strongest piece first, one row per
-- number. Accounts are shown by their handle where known. The last column is how
-- many pieces there are in all.
WITH
    mine AS
    (
        SELECT * FROM finding_evidence FINAL
        WHERE campaign = {campaign:String} AND finding_id = {id:String}
            AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
    ),
    handles AS
    (
        SELECT platform, account_id, argMax(handle, observed_at) AS handle
        FROM accounts
        WHERE account_id IN (SELECT arrayJoin([account_a, account_b]) FROM mine)
        GROUP BY platform, account_id
    ),
    labels AS
    (
        SELECT object_kind, object_id, any(label) AS label
        FROM finding_objects
        WHERE campaign = {campaign:String} AND finding_id = {id:String}
            AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
        GROUP BY object_kind, object_id
    )
SELECT
    e.evidence AS evidence, e.kind AS kind, e.object_kind AS object_kind, e.object_id AS object_id, l.label AS label,
    e.platform_a AS platform_a, e.account_a AS account_a, a.handle AS handle_a,
    e.platform_b AS platform_b, e.account_b AS account_b, b.handle AS handle_b,
    e.from_at AS from_at, e.to_at AS to_at, e.window_s AS window_s, e.accounts AS accounts,
    e.evidence_bits AS evidence_bits, e.need AS need, e.counted AS counted, e.detected_at AS detected_at,
    e.term AS term, e.name AS name, e.observed AS observed, e.of AS of, e.base AS base, e.bits AS bits,
    (SELECT uniqExact(evidence) FROM mine) AS pieces
FROM mine AS e
LEFT JOIN labels AS l ON l.object_kind = e.object_kind AND l.object_id = e.object_id
LEFT JOIN handles AS a ON a.platform = e.platform_a AND a.account_id = e.account_a
LEFT JOIN handles AS b ON b.platform = e.platform_b AND b.account_id = e.account_b
WHERE e.evidence <= {limit:UInt32}
ORDER BY evidence, term
