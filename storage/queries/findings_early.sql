-- Campaigns with findings that the passing of time alone may confirm or take back.
SELECT DISTINCT campaign
FROM findings FINAL
WHERE state = 'open' AND confidence = 'early'
ORDER BY campaign
