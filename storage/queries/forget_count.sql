-- How much there is of whom is to be erased: their posts, posts of others that name them
-- or pass theirs on, and findings. A verdict's note is what the operator wrote, and stays.
WITH (SELECT any(value) FROM forgotten WHERE what = 'full') AS spelling
SELECT
    (SELECT uniqExact(platform, post_id) FROM posts WHERE (platform, account_id) IN (SELECT platform, value FROM forgotten WHERE what = 'account')) AS theirs,
    (SELECT uniqExact(platform, value) FROM forgotten WHERE what = 'naming') AS naming,
    (SELECT uniqExact(value) FROM forgotten WHERE what = 'finding') AS findings,
    (SELECT groupUniqArray(value) FROM forgotten WHERE what = 'touched') AS campaigns,
    (SELECT count() FROM verdict_history WHERE spelling != '' AND match(note, spelling)) AS notes
