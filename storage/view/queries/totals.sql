-- Posts and accounts over all campaigns, each once.
SELECT uniqExact(platform, post_id) AS posts, uniqExact(platform, account_id) AS accounts
FROM posts
