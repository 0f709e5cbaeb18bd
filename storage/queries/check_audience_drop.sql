-- Drops what was computed to compare.
DROP TABLE IF EXISTS audience_check SYNC
