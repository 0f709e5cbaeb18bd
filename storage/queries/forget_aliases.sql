-- Removes other names of posts.
ALTER TABLE aliases
    DELETE WHERE (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
        OR (platform, native_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
    SETTINGS mutations_sync = 2
