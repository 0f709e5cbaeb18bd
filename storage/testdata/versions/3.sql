-- A finding that holds, one that was written twice and lost an account, one withdrawn.
INSERT INTO findings (campaign, finding_id, kind, state, sentence, started_at, ended_at, bits, expected, observed, target, declared, accounts, posts, objects, fingerprint, version) VALUES
    ('c', 'holds', 'copies', 'open', 'they did it', '2015-06-12 10:00:00', '2015-06-12 10:59:59.900', 42, 0.1, 3, '', '', 2, 1, 1, 'aa', 1434110000000000002),
    ('c', 'less', 'reposts', 'open', 'they did it again', '2026-06-12 10:00:00', '2026-06-12 10:59:59', 30, 0.1, 3, '', 'day of action', 1, 0, 0, 'bb', 1781270000000000004),
    ('c', 'gone', 'pile-on', 'withdrawn', 'they did not', '2015-06-12 10:00:00', '2015-06-12 10:30:00', 20, 0.1, 3, '1', '', 1, 0, 0, 'cc', 1434110000000000002);
INSERT INTO finding_accounts (campaign, finding_id, platform, account_id, bits, first_at, last_at, posts, version) VALUES
    ('c', 'holds', 'x', '1', 21, '2015-06-12 10:00:00', '2015-06-12 10:30:00', 1, 1434110000000000002),
    ('c', 'holds', 'x', '2', 21, '2015-06-12 10:00:00', '2015-06-12 10:59:59.900', 1, 1434110000000000002),
    ('c', 'less', 'mastodon', 'https://one.example/users/m', 15, '2026-06-12 10:00:00', '2026-06-12 10:59:59', 1, 1781270000000000004),
    ('c', 'less', 'bluesky', 'did:plc:abcdefghijklmnopqrstuvwx', 15, '2026-06-12 10:00:00', '2026-06-12 10:59:59', 1, 1781270000000000002),
    ('c', 'gone', 'archive', 'a1', 15, '2015-06-12 10:00:00', '2015-06-12 10:30:00', 1, 1434110000000000002);
INSERT INTO finding_objects (campaign, finding_id, object_kind, object_id, label, accounts, first_at, last_at, version) VALUES
    ('c', 'holds', 'text', 't', 'first words', 2, '2015-06-12 10:15:00', '2015-06-12 10:59:59', 1434110000000000002);
INSERT INTO finding_posts (campaign, finding_id, platform, post_id, object_kind, object_id, account_id, at, version) VALUES
    ('c', 'holds', 'x', '609302873502646272', 'text', 't', '1', '2015-06-12 10:15:00', 1434110000000000002);
