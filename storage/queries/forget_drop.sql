-- Drops what was to be erased, or is left of an erasure that was cut off.
DROP TABLE IF EXISTS forgotten SYNC
