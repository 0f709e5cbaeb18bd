-- Takes the content out of posts that were deleted and keeps what counts:
-- whose, when, what kind, under which tags. The highest version wins over
-- every edit that arrives later.
-- (No aliases: one that equals a column would hide it from the WHERE.)
INSERT INTO posts
SELECT
    campaign, platform, post_id, native_id, source, kind, account_id,
    '', followers, account_created_at, posted_at, observed_at, edited_at, lang,
    '', '', tags, [], [], [], [], [],
    reply_to_post, reply_to_account, '', repost_of_post, repost_of_account, '', quote_of_post, quote_of_account, '',
    '', likes, reposts, replies, quotes, views,
    1, bitShiftLeft(toUInt64(1), 63), time_slack
FROM posts FINAL
WHERE deleted = 0 AND (campaign, platform, post_id) IN
(
    SELECT campaign, platform, post_id
    FROM posts
    WHERE native_id IN {ids:Array(String)}
        AND (platform, native_id) IN (SELECT platform, native_id FROM tombstones WHERE native_id IN {ids:Array(String)})
)
