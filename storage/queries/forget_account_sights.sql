-- Removes what was told of accounts.
ALTER TABLE account_sights
    DELETE WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    SETTINGS mutations_sync = 2
