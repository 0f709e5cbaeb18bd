-- Drops what was computed to compare.
DROP TABLE IF EXISTS reach_check SYNC
