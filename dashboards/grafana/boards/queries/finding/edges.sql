WITH
    {{network}}
SELECT concat(source, ' ', target) AS id, source, target, mainstat, thickness
FROM
(
    -- Who acted on what.
    SELECT
        concat('account/', platform, '/', account_id) AS source,
        concat('object/', object_kind, '/', object_id) AS target,
        concat(toString(uniqExact(post_id)), ' posts') AS mainstat,
        toFloat64(least(uniqExact(post_id), 5)) AS thickness
    FROM finding_posts FINAL
    WHERE {{mine}} AND (platform, account_id) IN (SELECT platform, account_id FROM members) AND (object_kind, object_id) IN (SELECT object_kind, object_id FROM things)
    GROUP BY platform, account_id, object_kind, object_id
    UNION ALL
    -- Who was in step with whom.
    SELECT
        concat('account/', platform_a, '/', account_a),
        concat('account/', platform_b, '/', account_b),
        concat(toString(round(max(evidence_bits))), ' bits'),
        2.
    FROM finding_evidence FINAL
    WHERE {{mine}} AND kind = 'pair'
        AND (platform_a, account_a) IN (SELECT platform, account_id FROM members) AND (platform_b, account_b) IN (SELECT platform, account_id FROM members)
    GROUP BY platform_a, account_a, platform_b, account_b
)
ORDER BY thickness DESC, id
LIMIT 1000
