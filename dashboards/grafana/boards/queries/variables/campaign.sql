-- What is watched or was read from an archive.
SELECT DISTINCT campaign
FROM (SELECT campaign FROM reach FINAL WHERE step = 0 AND posts > 0 UNION ALL SELECT campaign FROM watches)
ORDER BY campaign
