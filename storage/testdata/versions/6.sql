-- What changed, and what belongs to it.
INSERT INTO changes (campaign, change_id, tag, direction, state, sentence, started_at, bits, observed, expected, peak_at, before_from, after_to, hold, fingerprint, version) VALUES
    ('c', 'rise', '', 'rise', 'open', 'it rose', '2015-06-12 10:00:00', 33, 3, 0.5, '2015-06-12 10:10:00', '2015-06-11 10:00:00', '2015-06-12 16:00:00', 'new', 'ee', 1434110000000000008);
INSERT INTO change_items (campaign, change_id, role, kind, item, label, accounts_after, posts_after, bits, version) VALUES
    ('c', 'rise', 'rose', 'tag', 'freethem', 'FreeThem', 1, 1, 9, 1434110000000000008);
