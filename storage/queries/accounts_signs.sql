-- Accounts that said of themselves that they are automated, or never filled in a
-- profile.
SELECT platform, account_id, bot = 1, default_profile = 1
FROM accounts FINAL
WHERE bot = 1 OR default_profile = 1
