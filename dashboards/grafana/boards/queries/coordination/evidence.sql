-- Pieces of evidence by kind; a piece is several rows, one for each of its numbers.
SELECT
    transform(e.kind, ['pair', 'group', 'copies', 'headline', 'run', 'flood', 'pile-on'],
        ['Two accounts in step, again and again', 'One account in step with the group', 'One text or image by many at once',
        'One link by many at once, and by few at other times', 'Passed on by many at once, and by nobody after them',
        'Many came at once, with a text of their own each', 'Many turned on one account at once'], toString(e.kind)) AS "evidence",
    count() AS "pieces",
    uniqExact(finding_id) AS "findings",
    max(accounts) AS "accounts at most",
    sum(counted) AS "bits that count"
FROM
(
    SELECT finding_id, evidence, any(kind) AS kind, any(accounts) AS accounts, any(counted) AS counted
    FROM finding_evidence FINAL
    WHERE campaign = ${campaign:singlequote}
        AND (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE campaign = ${campaign:singlequote} AND {{standing}} AND declared = '' AND {{overlaps}} AND {{here}})
    GROUP BY finding_id, evidence
) AS e
GROUP BY e.kind
ORDER BY sum(counted) DESC, e.kind
