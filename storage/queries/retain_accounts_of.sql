-- Accounts that posted in what a campaign lets go of and nowhere else, and that no
-- finding holds.
INSERT INTO forgotten
SELECT DISTINCT 'account', platform, account_id
FROM posts
WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')}
    AND (platform, account_id) NOT IN
    (
        SELECT platform, account_id FROM posts
        WHERE NOT (campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')})
            AND (platform, account_id) IN (SELECT platform, account_id FROM posts WHERE campaign = {campaign:String} AND posted_at < {before:DateTime('UTC')})
    )
    AND (platform, account_id) NOT IN (SELECT platform, account_id FROM finding_accounts)
