-- Other names of posts that are to be erased.
INSERT INTO forgotten
SELECT DISTINCT 'post', platform, native_id
FROM aliases
WHERE (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'post')
    AND (platform, native_id) NOT IN (SELECT platform, value FROM forgotten WHERE what = 'post')
