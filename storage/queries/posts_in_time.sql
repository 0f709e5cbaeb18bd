-- The posts of some hours of a campaign in the order in which detection reads them.
WITH
    -- Where in the table these posts lie: reach_recompute.sql says why.
    lying AS
    (
        SELECT DISTINCT id_hour
        FROM posts
        WHERE campaign = {campaign:String} AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
    )
SELECT
    platform, post_id, kind, account_id, handle, followers, account_created_at,
    (platform, account_id) IN (SELECT platform, account_id FROM accounts FINAL WHERE bot = 1) AS is_bot,
    (platform, account_id) IN (SELECT platform, account_id FROM accounts FINAL WHERE default_profile = 1) AS is_bare,
    posted_at, time_slack, observed_at, lang, text, tags, links, mentions, mention_handles, images,
    reply_to_post, reply_to_account, reply_to_handle,
    repost_of_post, repost_of_account, repost_of_handle,
    quote_of_post, quote_of_account, quote_of_handle, shared
FROM posts FINAL
WHERE campaign = {campaign:String} AND id_hour IN (SELECT id_hour FROM lying)
    AND toStartOfHour(toDateTime(posted_at, 'UTC')) IN {hours:Array(DateTime('UTC'))}
ORDER BY posted_at, platform, post_id
