-- The database and how its table of posts is kept; empty: there is none yet.
SELECT currentDatabase(), (SELECT any(engine) FROM system.tables WHERE database = currentDatabase() AND name = 'posts')
