-- Removes what was told of accounts last.
ALTER TABLE accounts
    DELETE WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    SETTINGS mutations_sync = 2
