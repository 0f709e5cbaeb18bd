-- Takes whom is erased, and their posts, out of what rose and fell.
ALTER TABLE change_items
    DELETE WHERE (role = 'account' AND (kind, item) IN (SELECT platform, value FROM forgotten WHERE what = 'account'))
        OR (kind IN ('repost', 'link') AND item IN (SELECT value FROM forgotten WHERE what = 'post'))
        OR match(item, (SELECT any(value) FROM forgotten WHERE what = 'full'))
    SETTINGS mutations_sync = 2
