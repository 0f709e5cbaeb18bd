-- How many deletions are known.
SELECT count() FROM tombstones
