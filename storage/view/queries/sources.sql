-- The live sources, what they watch and since when at the earliest.
SELECT source, any(platform) AS platform, groupArray(campaign) AS campaigns, min(since) AS since
FROM (SELECT * FROM watches FINAL ORDER BY source, campaign)
GROUP BY source
ORDER BY source
