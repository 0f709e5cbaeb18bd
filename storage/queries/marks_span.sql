-- Marks every hour of a campaign that holds posts between two times: a finding
-- that came, changed or went moves posts to the other side.
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at)), 'findings', 0, {version:UInt64}
FROM posts
WHERE campaign = {campaign:String}
    AND posted_at >= {from:DateTime64(3, 'UTC')}
    AND posted_at <= {to:DateTime64(3, 'UTC')}
