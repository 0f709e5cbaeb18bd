-- A change that the posts no longer show is withdrawn, and stays on record.
-- (No aliases: one that equals a column would hide it from the WHERE.)
INSERT INTO changes
SELECT
    campaign, change_id, tag, direction, 'withdrawn', sentence, started_at, ended_at, lasting, bits, observed, expected,
    peak_at, peak_observed, peak_expected, before_from, before_posts, before_accounts, before_effective,
    after_to, after_posts, after_accounts, after_effective, newcomers, stayed, stayed_posts, usual_posts, hold,
    fingerprint, {version:UInt64}
FROM changes FINAL
WHERE campaign = {campaign:String} AND has({ids:Array(String)}, change_id) AND state = 'open'
