-- A finding is no more directed at whom is erased, and is written anew.
ALTER TABLE findings
    UPDATE
        target = if(target IN (SELECT value FROM forgotten WHERE what IN ('account', 'handle')) OR lowerUTF8(target) IN (SELECT value FROM forgotten WHERE what = 'handle'), '', target),
        fingerprint = ''
    WHERE finding_id IN (SELECT value FROM forgotten WHERE what = 'finding')
    SETTINGS mutations_sync = 2
