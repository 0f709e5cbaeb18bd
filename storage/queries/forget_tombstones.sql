-- Forgets that posts were deleted.
ALTER TABLE tombstones
    DELETE WHERE (platform, native_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
        OR arrayExists(p -> startsWith(native_id, p), (SELECT groupArray(value) FROM forgotten WHERE what = 'prefix'))
    SETTINGS mutations_sync = 2
