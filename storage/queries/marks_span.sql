-- Marks every hour of a campaign that holds posts between two times: a finding
-- that came, changed or went moves posts to the other side. Hours that have no
-- bucket yet are marked by their posts.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, reach.at, 'findings', 0, {version:UInt64}
FROM reach
WHERE campaign = {campaign:String} AND step = 3600 AND tag = '' AND lang = ''
    AND reach.at >= toStartOfHour({from:DateTime64(3, 'UTC')})
    AND reach.at <= {to:DateTime64(3, 'UTC')}
