(SELECT source, min(since) AS watched_since FROM watches WHERE campaign = ${campaign:singlequote} GROUP BY source) AS watched
