-- All names of posts of campaigns that are to be erased, and of no other.
INSERT INTO forgotten
SELECT DISTINCT 'post', platform, name
FROM
(
    SELECT platform, arrayJoin([post_id, native_id]) AS name
    FROM posts
    WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign')
        AND (platform, post_id) NOT IN
        (
            SELECT platform, post_id FROM posts
            WHERE campaign NOT IN (SELECT value FROM forgotten WHERE what = 'campaign')
                AND post_id IN (SELECT post_id FROM posts WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign'))
        )
)
WHERE name != ''
