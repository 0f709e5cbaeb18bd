-- How much there is of a campaign.
SELECT
    (SELECT uniqExact(platform, post_id) FROM posts WHERE campaign = {campaign:String}) AS posts,
    (SELECT uniqExact(finding_id) FROM findings WHERE campaign = {campaign:String}) AS findings,
    (SELECT uniqExact(finding_id) FROM verdict_history WHERE campaign = {campaign:String}) AS judged,
    (SELECT count() FROM reach WHERE campaign = {campaign:String}) + (SELECT count() FROM gaps WHERE campaign = {campaign:String})
        + (SELECT count() FROM watches WHERE campaign = {campaign:String}) AS numbers
