-- +goose NO TRANSACTION
-- +goose Up
-- What each hour or day adds to the unique accounts of a span, by the time since
-- which the span goes. The numbers of a span of hours are the sum of all rows with
-- at within the span and since not before its begin: an hour adds an account when it
-- posts (since is the hour itself), and takes it back where it had posted before
-- (since is when it had last). So any span is counted without looking at accounts,
-- of whom a month of a large campaign has millions. Recomputed from account_buckets
-- and replaced, like these.
CREATE TABLE IF NOT EXISTS audience
(
    campaign              LowCardinality(String),
    step                  UInt32 COMMENT 'length of what adds in seconds: 3600, 86400',
    at                    DateTime('UTC') COMMENT 'begin of the hour or day that adds' CODEC(Delta, ZSTD(1)),
    platform              LowCardinality(String),
    since                 DateTime('UTC') COMMENT 'an hour: only spans that hold it are added to' CODEC(Delta, ZSTD(1)),
    accounts              Int64 CODEC(T64, ZSTD(1)),
    reach_known           Int64 COMMENT 'accounts whose followers are known' CODEC(T64, ZSTD(1)),
    potential_reach       Int64 COMMENT 'followers of the accounts, each with the number told last' CODEC(T64, ZSTD(1)),
    coordinated_accounts  Int64 CODEC(T64, ZSTD(1)),
    sure_accounts         Int64 CODEC(T64, ZSTD(1)),
    coordinated_reach     Int64 CODEC(T64, ZSTD(1)),
    declared_accounts     Int64 CODEC(T64, ZSTD(1)),
    early_accounts        Int64 CODEC(T64, ZSTD(1)),
    version               UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, step, at, platform, since);

-- What the accounts of a day came to when the audience was computed of it: a day that is
-- marked and comes to the same needs no computing, nor do those after it.
CREATE TABLE IF NOT EXISTS audience_days
(
    campaign  LowCardinality(String),
    day       DateTime('UTC') CODEC(Delta, ZSTD(1)),
    digest    UInt64 COMMENT 'sum of hashes of the rows of account_buckets',
    version   UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, day);

-- All of it is to be computed. The lowest bit of a mark's version says "done".
INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, toStartOfDay(at, 'UTC'), 'days', 0, bitAnd(toUInt64(toUnixTimestamp64Nano(now64(9))), 18446744073709551614)
FROM account_buckets
WHERE step = 3600 AND posts > 0;

-- Accounts by day served to count long spans, and were most of the table.
DROP TABLE IF EXISTS account_buckets_before;
DROP TABLE IF EXISTS account_buckets_next;
CREATE TABLE account_buckets_next
(
    campaign           LowCardinality(String),
    step               UInt32 COMMENT 'length of the bucket in seconds: 3600',
    at                 DateTime('UTC') COMMENT 'begin of the bucket' CODEC(Delta, ZSTD(1)),
    platform           LowCardinality(String),
    account_id         String CODEC(ZSTD(1)),
    posts              UInt32 CODEC(ZSTD(1)),
    followers          Nullable(UInt64) COMMENT 'the last that was told in the bucket' CODEC(ZSTD(1)),
    coordinated_posts  UInt32 CODEC(ZSTD(1)),
    sure_posts         UInt32 COMMENT 'of these, in findings of high confidence' CODEC(ZSTD(1)),
    declared_posts     UInt32 CODEC(ZSTD(1)),
    early_posts        UInt32 CODEC(ZSTD(1)),
    version            UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, step, at, platform, account_id);

INSERT INTO account_buckets_next
SELECT campaign, step, at, platform, account_id, posts, followers, coordinated_posts, sure_posts, declared_posts, early_posts, version
FROM account_buckets
WHERE step = 3600;

RENAME TABLE account_buckets TO account_buckets_before, account_buckets_next TO account_buckets;
DROP TABLE IF EXISTS account_buckets_before;

-- +goose Down
-- The accounts by day are computed anew when their days are.
DROP TABLE IF EXISTS audience;
DROP TABLE IF EXISTS audience_days;
