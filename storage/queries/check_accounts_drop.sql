-- Drops what was computed to compare.
DROP TABLE IF EXISTS account_buckets_check SYNC
