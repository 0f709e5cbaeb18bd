-- +goose NO TRANSACTION
-- +goose Up
-- Up to when a campaign's posts were let go of. Buckets of reach before it stay as
-- they were and are computed no more; it is always the begin of a day.
CREATE TABLE IF NOT EXISTS horizons
(
    campaign  LowCardinality(String),
    before    SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (campaign);

-- What campaigns announced of themselves, as last configured.
CREATE TABLE IF NOT EXISTS declared_actions
(
    campaign  LowCardinality(String),
    name      String,
    from_at   DateTime64(3, 'UTC'),
    to_at     DateTime64(3, 'UTC') COMMENT 'excluded',
    tags      Array(String) COMMENT 'keys by which tags are compared',
    texts     Array(String),
    gone      UInt8 COMMENT '1: not configured any more',
    version   UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, name, from_at);

-- +goose Down
DROP TABLE IF EXISTS declared_actions;
DROP TABLE IF EXISTS horizons;
