-- Removes all that a table holds of a campaign.
ALTER TABLE {table:Identifier}
    DELETE WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'campaign')
    SETTINGS mutations_sync = 2
