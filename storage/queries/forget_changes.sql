-- Has the changes written anew of campaigns that lose posts.
ALTER TABLE changes
    UPDATE fingerprint = ''
    WHERE campaign IN (SELECT value FROM forgotten WHERE what = 'touched')
    SETTINGS mutations_sync = 2
