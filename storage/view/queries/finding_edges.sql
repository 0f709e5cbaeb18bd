-- What joins the accounts of a finding with the most bits and the objects that most of
-- them acted on: an account that posted an object, and two accounts in step with each
-- other. The more posts and bits the sooner.
WITH
    (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String}) AS newest,
    members AS
    (
        SELECT platform, account_id FROM finding_accounts FINAL
        WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest
        ORDER BY bits DESC, platform, account_id
        LIMIT {accounts:UInt32}
    ),
    things AS
    (
        SELECT object_kind, object_id FROM finding_objects FINAL
        WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest
        ORDER BY accounts DESC, object_kind, object_id
        LIMIT {objects:UInt32}
    )
SELECT platform_a, account_a, platform_b, account_b, kind, object, posts, bits
FROM
(
    SELECT
        toString(platform) AS platform_a, account_id AS account_a, '' AS platform_b, '' AS account_b,
        toString(object_kind) AS kind, object_id AS object, uniqExact(platform, post_id) AS posts, 0. AS bits
    FROM finding_posts FINAL
    WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest
        AND (platform, account_id) IN (SELECT platform, account_id FROM members)
        AND (object_kind, object_id) IN (SELECT object_kind, object_id FROM things)
    GROUP BY platform, account_id, object_kind, object_id
    UNION ALL
    -- A piece of evidence has its bits in each of its rows.
    SELECT
        toString(finding_evidence.platform_a), finding_evidence.account_a, toString(finding_evidence.platform_b), finding_evidence.account_b,
        '', '', 0, max(evidence_bits)
    FROM finding_evidence FINAL
    WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest AND finding_evidence.kind = 'pair'
        AND (finding_evidence.platform_a, finding_evidence.account_a) IN (SELECT platform, account_id FROM members)
        AND (finding_evidence.platform_b, finding_evidence.account_b) IN (SELECT platform, account_id FROM members)
    GROUP BY finding_evidence.platform_a, finding_evidence.account_a, finding_evidence.platform_b, finding_evidence.account_b
)
ORDER BY posts + bits DESC, platform_a, account_a, platform_b, account_b, kind, object
LIMIT {limit:UInt32}
