-- Findings that hold whom is to be erased, or are directed at them.
INSERT INTO forgotten
WITH
    (SELECT groupArray(value) FROM forgotten WHERE what IN ('account', 'handle')) AS names,
    (SELECT any(platform) FROM forgotten WHERE what IN ('account', 'handle')) AS place
SELECT DISTINCT 'finding', '', finding_id
FROM
(
    SELECT finding_id FROM finding_accounts WHERE platform = place AND has(names, account_id)
    UNION ALL
    SELECT finding_id FROM finding_posts WHERE (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
    UNION ALL
    SELECT finding_id FROM finding_objects
    WHERE object_kind IN ('mention', 'repost', 'reply', 'shared') AND object_id IN (SELECT value FROM forgotten WHERE what IN ('post', 'account', 'handle'))
    UNION ALL
    SELECT finding_id FROM finding_evidence WHERE (platform_a = place AND has(names, account_a)) OR (platform_b = place AND has(names, account_b))
    UNION ALL
    SELECT finding_id FROM findings WHERE target != '' AND (has(names, target) OR has(names, lowerUTF8(target)))
)
