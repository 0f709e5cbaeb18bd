-- What is known to be deleted, by the ids of the sources.
SELECT platform, native_id FROM tombstones
