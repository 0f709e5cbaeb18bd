-- The open changes of a campaign as they were last written, to tell what changed.
-- One whose items were written anew and it was not, since the writer was killed
-- in between, has no fingerprint: newer items hide its own.
SELECT c.change_id, if(i.newest > c.version, '', c.fingerprint)
FROM
(
    SELECT change_id, fingerprint, version
    FROM changes FINAL
    WHERE campaign = {campaign:String} AND state = 'open'
) AS c
LEFT JOIN
(
    SELECT change_id, max(version) AS newest
    FROM change_items
    WHERE campaign = {campaign:String}
    GROUP BY change_id
) AS i ON i.change_id = c.change_id
