-- Gaps, of which the last word counts, watches, and a post whose time is vague.
INSERT INTO gaps VALUES
    ('x', 'c', 'x', '2015-06-12 10:00:00', NULL, 'network', 0, 'pending', '', 1434110000000000002),
    ('x', 'c', 'x', '2015-06-12 10:00:00', '2015-06-12 10:05:00', 'network', 0, 'filled', '', 1434110000000000004);
INSERT INTO watches VALUES ('x', 'c', 'x', '2015-06-12 09:00:00'), ('x', 'c', 'x', '2015-06-11 09:00:00');
INSERT INTO posts (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, posted_at, time_slack, observed_at, lang, text, tags, tags_posted, deleted, version) VALUES
    ('c', 'x', '609319231288246272', '609319231288246272', 'x', 'post', '2', 'ben', 50, '2015-06-12 11:20:00', 90, '2015-06-12 11:20:02', 'en', 'some time ago', [], [], 0, 1434108002000);
