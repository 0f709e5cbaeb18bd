-- What the first version kept: each post with the id by which its source deletes it,
-- edits as newer versions, deletions with their content gone.
INSERT INTO posts (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, posted_at, observed_at, lang, text, tags, tags_posted, likes, deleted, version) VALUES
    ('c', 'x', '609302873502646272', '609302873502646272', 'x', 'post', '1', 'anna', 100, '2015-06-12 10:15:00', '2015-06-12 10:15:02', 'az', 'first words', ['baku2015'], ['Baku2015'], 1, 0, 1434104102000),
    ('c', 'x', '609314197704015872', '609314197704015872', 'x', 'reply', '2', 'ben', 50, '2015-06-12 10:59:59.900', '2015-06-12 11:00:01', 'en', 'on the edge of an hour', ['baku2015'], ['Baku2015'], NULL, 0, 1434106801000),
    ('d', 'x', '609302873502646272', '609302873502646272', 'x', 'post', '1', 'anna', 100, '2015-06-12 10:15:00', '2015-06-12 10:15:02', 'az', 'first words', ['baku2015'], ['Baku2015'], 1, 0, 1434104102000),
    ('c', 'archive', 'row-1', 'row-1', 'old.csv', 'post', 'a1', 'old', NULL, '2015-06-12 10:20:00', '2015-06-12 10:20:00', '', 'from an archive', [], [], NULL, 0, 1434104400000),
    ('c', 'bluesky', 'at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3mo3izxcoc222', '', 'bluesky', 'post', 'did:plc:abcdefghijklmnopqrstuvwx', 'blue', NULL, '2026-06-12 10:15:00', '2026-06-12 10:15:01', 'en', 'in the blue', ['games'], ['Games'], NULL, 0, 1781259301000),
    ('c', 'mastodon', 'https://one.example/users/m/statuses/116736609484800000', '116736609484800000', 'mastodon/one.example', 'post', 'https://one.example/users/m', 'm@one.example', 7, '2026-06-12 10:15:00', '2026-06-12 10:15:01', 'en', 'a toot', ['games'], ['Games'], NULL, 0, 1781259301000),
    ('c', 'mastodon', 'https://two.example/objects/3f0c', '424242', 'mastodon/one.example', 'post', 'https://two.example/users/o', 'o@two.example', 9, '2026-06-12 12:00:00', '2026-06-12 12:00:01', 'en', 'an object', ['games'], ['Games'], NULL, 0, 1781265601000);
-- An edit, and a deletion of what was seen before.
INSERT INTO posts (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, posted_at, observed_at, edited_at, lang, text, tags, tags_posted, likes, deleted, version) VALUES
    ('c', 'x', '609302873502646272', '609302873502646272', 'x', 'post', '1', 'anna', 120, '2015-06-12 10:15:00', '2015-06-12 10:40:00', '2015-06-12 10:40:00', 'az', 'second thoughts', ['baku2015', 'freethem'], ['Baku2015', 'FreeThem'], 5, 0, 1434105600000);
INSERT INTO posts (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, posted_at, observed_at, lang, text, tags, tags_posted, likes, deleted, version) VALUES
    ('c', 'mastodon', 'https://two.example/objects/3f0c', '424242', 'mastodon/one.example', 'post', 'https://two.example/users/o', '', 9, '2026-06-12 12:00:00', '2026-06-12 12:00:01', 'en', '', ['games'], [], NULL, 1, 9223372036854775808);
INSERT INTO tombstones VALUES ('mastodon', '424242', '2026-06-12 13:00:00'), ('mastodon', '999', '2026-06-12 13:00:00');
INSERT INTO accounts VALUES
    ('x', '1', 'anna', 'Anna', '2010-01-01 00:00:00', 120, 10, 1000, 0, 0, '2015-06-12 10:40:00'),
    ('x', '2', 'ben', '', NULL, 50, NULL, NULL, 1, 0, '2015-06-12 11:00:01');
