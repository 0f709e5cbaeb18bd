-- +goose NO TRANSACTION
-- +goose Up
-- Where sources did not see everything. A gap is identified by source, campaign
-- and beginning; what was said last about it counts.
CREATE TABLE IF NOT EXISTS gaps
(
    source    LowCardinality(String),
    campaign  LowCardinality(String) COMMENT 'empty: all that the source watches',
    platform  LowCardinality(String),
    from_at   DateTime64(3, 'UTC'),
    to_at     Nullable(DateTime64(3, 'UTC')) COMMENT 'NULL: posts are still missing',
    cause     LowCardinality(String) COMMENT 'why, such as network, budget or suspended; before: before the campaign was watched',
    share     Float64 COMMENT 'of the posts seen in spite of it, 0 to 1',
    fill      LowCardinality(String) COMMENT 'asked for afterwards: pending, filled, partly, lost',
    note      String COMMENT 'what is missing or was refused, in words',
    version   UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source, campaign, from_at);

-- Since when a source watches a campaign: where coverage begins. Rows of one
-- source and campaign become one, with the earliest time.
CREATE TABLE IF NOT EXISTS watches
(
    source    LowCardinality(String),
    campaign  LowCardinality(String),
    platform  SimpleAggregateFunction(anyLast, LowCardinality(String)),
    since     SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (source, campaign);

ALTER TABLE posts ADD COLUMN IF NOT EXISTS
    time_slack UInt32 DEFAULT 0 COMMENT 'seconds before posted_at that the post may really have been published';

-- +goose Down
ALTER TABLE posts DROP COLUMN IF EXISTS time_slack;
DROP TABLE IF EXISTS watches;
DROP TABLE IF EXISTS gaps;
