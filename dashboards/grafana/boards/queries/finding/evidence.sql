-- What the bits are computed from, the strongest piece first, one row a number.
SELECT
    finding_evidence.evidence AS "piece",
    toString(kind) AS "evidence",
    toString(name) AS "number",
    observed AS "observed",
    if(of = 0, NULL, of) AS "out of",
    base AS "by chance",
    bits AS "bits of it",
    counted AS "bits of the piece that count",
    from_at AS "from",
    to_at AS "to"
FROM finding_evidence FINAL
WHERE {{mine}}
ORDER BY finding_evidence.evidence, term
LIMIT 500
