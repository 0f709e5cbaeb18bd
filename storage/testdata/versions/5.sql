-- Findings say how far they can be relied on and what their bits are made of.
INSERT INTO findings (campaign, finding_id, kind, state, sentence, started_at, ended_at, detected_at, bits, confidence, expected, observed, target, declared, accounts, posts, objects, fingerprint, version) VALUES
    ('c', 'soon', 'flood', 'open', 'they came', '2015-06-12 11:00:00', '2015-06-12 11:59:59', '2015-06-12 11:21:00', 12, 'early', 0.1, 3, '', '', 1, 0, 0, 'dd', 1434110000000000006);
INSERT INTO finding_accounts (campaign, finding_id, platform, account_id, bits, first_at, last_at, posts, signals, version) VALUES
    ('c', 'soon', 'x', '2', 12, '2015-06-12 11:00:00', '2015-06-12 11:59:59', 1, ['young account'], 1434110000000000006);
INSERT INTO finding_evidence (campaign, finding_id, evidence, term, kind, object_kind, object_id, from_at, to_at, accounts, evidence_bits, need, counted, name, observed, of, base, bits, version) VALUES
    ('c', 'soon', 1, 1, 'flood', 'moment', 'm', '2015-06-12 11:00:00', '2015-06-12 11:59:59', 1, 12, 10, 12, 'newcomers', 3, 4, 0.1, 12, 1434110000000000006);
