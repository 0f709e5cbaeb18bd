-- ShareOfVoice: the part of a campaign's posts in a span that carries a tag, or is in
-- a language, the largest first; and how much of it is coordinated.
SELECT
    if(b.tag = '', 'language', 'tag') AS kind,
    if(b.tag = '', toString(b.lang), b.tag) AS item,
    sum(b.posts) AS n_posts,
    sum(b.coordinated_posts) AS n_coordinated,
    n_posts / (
        SELECT sum(posts) FROM reach FINAL
        WHERE campaign = {campaign:String} AND tag = '' AND lang = '' AND step = {step:UInt32}
            AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}
    ) AS share
FROM reach AS b FINAL
WHERE b.campaign = {campaign:String} AND b.step = {step:UInt32} AND (b.tag != '' OR b.lang != '')
    AND b.at >= {from:DateTime('UTC')} AND b.at < {to:DateTime('UTC')}
GROUP BY kind, item
HAVING n_posts > 0
ORDER BY kind DESC, n_posts DESC, item
LIMIT {limit:UInt32} BY kind
