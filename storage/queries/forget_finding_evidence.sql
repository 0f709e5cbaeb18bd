-- Takes the pieces of evidence that name whom is erased out of findings.
ALTER TABLE finding_evidence
    DELETE WHERE (platform_a, account_a) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
        OR (platform_b, account_b) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
        OR (object_kind IN ('mention', 'repost', 'reply', 'shared') AND object_id IN (SELECT value FROM forgotten WHERE what IN ('post', 'account', 'handle')))
    SETTINGS mutations_sync = 2
