-- Room for buckets of accounts computed beside those stored.
CREATE TABLE IF NOT EXISTS account_buckets_check AS account_buckets
