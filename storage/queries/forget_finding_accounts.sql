-- Takes whom is erased out of findings.
ALTER TABLE finding_accounts
    DELETE WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    SETTINGS mutations_sync = 2
