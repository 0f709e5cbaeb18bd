-- Takes the content out of posts that were deleted and keeps what counts:
-- whose, when, what kind, under which tags. The highest version wins over
-- every edit that arrives later.
INSERT INTO posts
SELECT
    campaign, platform, post_id, native_id, source, kind, account_id,
    '' AS handle, followers, account_created_at, posted_at, observed_at, edited_at, lang,
    '' AS text, '' AS url, tags, [] AS tags_posted, [] AS links, [] AS mentions, [] AS images,
    reply_to_post, reply_to_account, repost_of_post, repost_of_account, quote_of_post, quote_of_account,
    '' AS shared, likes, reposts, replies, quotes, views,
    1 AS deleted, bitShiftLeft(toUInt64(1), 63) AS version
FROM posts FINAL
WHERE deleted = 0 AND (platform, native_id) IN
(
    SELECT platform, native_id FROM tombstones
    WHERE (platform, native_id) IN (SELECT platform, native_id FROM tombstones WHERE has({ids:Array(String)}, native_id))
)
