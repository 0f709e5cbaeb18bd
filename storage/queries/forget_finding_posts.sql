-- Takes the posts of whom is erased out of findings, and what names them.
ALTER TABLE finding_posts
    DELETE WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
        OR (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
        OR (object_kind IN ('mention', 'repost', 'reply', 'shared') AND object_id IN (SELECT value FROM forgotten WHERE what IN ('post', 'account', 'handle')))
    SETTINGS mutations_sync = 2
