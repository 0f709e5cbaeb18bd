-- Campaigns that lose posts, or of whose posts something is taken out.
INSERT INTO forgotten
SELECT DISTINCT 'touched', '', campaign
FROM posts
WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    OR (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'naming')
