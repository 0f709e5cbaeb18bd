-- The newest posts of a platform over all campaigns, each once. They are chosen
-- by their times first, so that only the chosen ones are read whole.
SELECT
    post_id, native_id, kind, account_id, handle, posted_at, time_slack, observed_at, lang, text, url,
    tags, tags_posted, links, mentions, mention_handles, images
FROM posts FINAL
WHERE platform = {platform:String} AND deleted = 0 AND (campaign, post_id) IN
(
    SELECT campaign, post_id
    FROM posts FINAL
    WHERE platform = {platform:String} AND deleted = 0 AND posted_at >= {since:DateTime64(3, 'UTC')}
    ORDER BY posted_at DESC, post_id, campaign
    LIMIT 1 BY post_id
    LIMIT {limit:UInt64}
)
ORDER BY posted_at DESC, post_id
