-- The texts of whom is to be erased, as findings and changes show them: their first 300
-- characters, blanks at the ends left out.
INSERT INTO forgotten
SELECT DISTINCT 'label', '', substringUTF8(replaceRegexpAll(text, '^[\\s\\x{85}\\p{Z}]+|[\\s\\x{85}\\p{Z}]+$', ''), 1, length) AS label
FROM posts
ARRAY JOIN [200, 300] AS length
WHERE label != '' AND
    ((platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')
    OR (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'))
