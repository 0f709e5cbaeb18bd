-- Marks all declared actions as not configured any more.
INSERT INTO declared_actions
SELECT campaign, name, from_at, to_at, tags, texts, 1, {version:UInt64} FROM declared_actions FINAL WHERE gone = 0
