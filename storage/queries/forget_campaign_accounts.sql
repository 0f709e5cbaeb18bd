-- Accounts that posted in campaigns that are to be erased, and in no other.
INSERT INTO forgotten
SELECT DISTINCT 'account', platform, account_id
FROM
(
    SELECT platform, account_id FROM posts WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign')
    UNION ALL
    SELECT platform, account_id FROM account_buckets WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign')
    UNION ALL
    SELECT platform, account_id FROM finding_accounts WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign')
)
WHERE (platform, account_id) NOT IN
    (
        SELECT platform, account_id FROM posts
        WHERE campaign NOT IN (SELECT value FROM forgotten WHERE what = 'campaign')
            AND (platform, account_id) IN (SELECT platform, account_id FROM posts WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign'))
    )
    AND (platform, account_id) NOT IN (SELECT platform, account_id FROM finding_accounts WHERE campaign NOT IN (SELECT value FROM forgotten WHERE what = 'campaign'))
