SELECT
    started_at AS "since",
    ended_at AS "until",
    if(tag = '', 'whole campaign', concat('#', tag)) AS "about",
    sentence AS "what changed",
    observed AS "posts",
    expected AS "usual",
    bits AS "bits",
    newcomers AS "newcomers",
    toString(hold) AS "who held it"
FROM changes FINAL
WHERE campaign = ${campaign:singlequote} AND state = 'open' AND started_at <= $__toTime AND (ended_at IS NULL OR ended_at >= $__fromTime)
ORDER BY changes.started_at DESC, changes.tag, change_id
LIMIT 100
