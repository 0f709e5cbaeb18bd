-- Removes when accounts posted.
ALTER TABLE account_buckets
    DELETE WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    SETTINGS mutations_sync = 2
