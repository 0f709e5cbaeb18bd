-- The changes of a campaign, the newest first; one if an id is given.
SELECT
    change_id, tag, direction, sentence, started_at, ended_at, lasting = 1, bits, observed, expected,
    peak_at, peak_observed, peak_expected, before_from, before_posts, before_accounts, before_effective,
    after_to, after_posts, after_accounts, after_effective, newcomers, stayed, stayed_posts, usual_posts, hold
FROM changes FINAL
WHERE campaign = {campaign:String} AND state = 'open' AND ({id:String} = '' OR change_id = {id:String})
ORDER BY started_at DESC, tag, direction
LIMIT 1000
