-- Room for buckets computed beside those stored.
CREATE TABLE IF NOT EXISTS reach_check AS reach
