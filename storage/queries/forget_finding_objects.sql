-- Takes the posts of whom is erased, and their names, out of what findings rest on.
ALTER TABLE finding_objects
    DELETE WHERE object_kind IN ('mention', 'repost', 'reply', 'shared') AND object_id IN (SELECT value FROM forgotten WHERE what IN ('post', 'account', 'handle'))
    SETTINGS mutations_sync = 2
