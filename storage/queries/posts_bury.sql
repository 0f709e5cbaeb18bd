-- Takes the content out of posts that were deleted and keeps what counts:
-- whose, when, what kind, under which tags. The version is above all of posts that
-- are there or never were (post_row.go), and orders what is gone as it ordered them. The ids are those that
-- sources use; several may name one post.
-- (No aliases: one that equals a column would hide it from the WHERE.)
INSERT INTO posts
    (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, account_created_at,
    posted_at, time_slack, observed_at, edited_at, lang, text, address, tags, tags_told, links, mentions, mention_handles,
    images, reply_to_post, reply_to_account, reply_to_handle, repost_of_post, repost_of_account, repost_of_handle,
    quote_of_post, quote_of_account, quote_of_handle, shared, likes, reposts, replies, quotes, views, deleted, version)
WITH
    gone AS
    (
        SELECT platform, native_id
        FROM tombstones
        WHERE (platform, native_id) IN (SELECT arrayJoin(arrayZip({platforms:Array(String)}, {ids:Array(String)})))
    ),
    -- All names of what is gone. (A join, because a subquery of a UNION of a subquery
    -- of distributed tables is refused on a cluster.)
    named AS
    (
        SELECT platform, native_id AS named_id FROM gone
        UNION ALL
        SELECT a.platform, a.post_id
        FROM
        (
            SELECT platform, native_id, post_id
            FROM aliases
            WHERE (platform, native_id) IN (SELECT arrayJoin(arrayZip({platforms:Array(String)}, {ids:Array(String)})))
        ) AS a
        INNER JOIN gone AS g ON g.platform = a.platform AND g.native_id = a.native_id
    )
SELECT
    campaign, platform, post_id, native_id, source, kind, account_id, '', followers, account_created_at,
    posted_at, time_slack, observed_at, edited_at, lang, '', '', tags, [], [], [], [],
    [], reply_to_post, reply_to_account, '', repost_of_post, repost_of_account, '',
    quote_of_post, quote_of_account, '', '', likes, reposts, replies, quotes, views,
    1, bitOr(version, bitShiftLeft(toUInt64(1), 63))
FROM posts FINAL
WHERE deleted = 0 AND (platform, post_id) IN (SELECT platform, named_id FROM named) AND post_id IN (SELECT named_id FROM named)
