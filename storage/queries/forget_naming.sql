-- Takes whom is erased out of the posts of others. What passed their posts on keeps
-- nothing but that it did, and its tags, by which it counts.
ALTER TABLE posts
    UPDATE
        text = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), '',
            replaceRegexpAll(text, (SELECT any(value) FROM forgotten WHERE what = 'short'), '\\1…\\2')),
        tags_told = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), [], tags_told),
        images = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), [], images),
        links = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), [],
            arrayFilter(l -> NOT match(l, (SELECT any(value) FROM forgotten WHERE what = 'short')), links)),
        mentions = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), [],
            arrayFilter((m, h) -> NOT (has((SELECT groupArray(value) FROM forgotten WHERE what = 'account'), m)
                OR (m = '' AND has((SELECT groupArray(value) FROM forgotten WHERE what = 'handle'), lowerUTF8(h)))), mentions, mention_handles)),
        mention_handles = if((platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'repost'), [],
            arrayFilter((h, m) -> NOT (has((SELECT groupArray(value) FROM forgotten WHERE what = 'account'), m)
                OR (m = '' AND has((SELECT groupArray(value) FROM forgotten WHERE what = 'handle'), lowerUTF8(h)))), mention_handles, mentions)),
        reply_to_post = if((platform, reply_to_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post'), '', reply_to_post),
        reply_to_account = if((platform, reply_to_account) IN (SELECT platform, value FROM forgotten WHERE what = 'account'), '', reply_to_account),
        reply_to_handle = if((platform, lowerUTF8(reply_to_handle)) IN (SELECT platform, value FROM forgotten WHERE what = 'handle'), '', reply_to_handle),
        repost_of_post = if((platform, repost_of_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post'), '', repost_of_post),
        repost_of_account = if((platform, repost_of_account) IN (SELECT platform, value FROM forgotten WHERE what = 'account'), '', repost_of_account),
        repost_of_handle = if((platform, lowerUTF8(repost_of_handle)) IN (SELECT platform, value FROM forgotten WHERE what = 'handle'), '', repost_of_handle),
        quote_of_post = if((platform, quote_of_post) IN (SELECT platform, value FROM forgotten WHERE what = 'post'), '', quote_of_post),
        quote_of_account = if((platform, quote_of_account) IN (SELECT platform, value FROM forgotten WHERE what = 'account'), '', quote_of_account),
        quote_of_handle = if((platform, lowerUTF8(quote_of_handle)) IN (SELECT platform, value FROM forgotten WHERE what = 'handle'), '', quote_of_handle),
        shared = if((platform, shared) IN (SELECT platform, value FROM forgotten WHERE what IN ('post', 'account', 'handle')) OR match(shared, (SELECT any(value) FROM forgotten WHERE what = 'short')), '', shared)
    WHERE (platform, post_id) IN (SELECT platform, value FROM forgotten WHERE what = 'naming')
    SETTINGS mutations_sync = 2
