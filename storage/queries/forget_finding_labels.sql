-- Takes the texts of whom is erased, and their spellings, out of what findings show.
ALTER TABLE finding_objects
    UPDATE label = if(label IN (SELECT value FROM forgotten WHERE what = 'label'), '', replaceRegexpAll(label, (SELECT any(value) FROM forgotten WHERE what = 'full'), '\\1…\\2'))
    WHERE label IN (SELECT value FROM forgotten WHERE what = 'label') OR match(label, (SELECT any(value) FROM forgotten WHERE what = 'full'))
    SETTINGS mutations_sync = 2
