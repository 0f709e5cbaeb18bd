-- +goose NO TRANSACTION
-- +goose Up
-- One row per campaign and post. Replaced by canonical identity: writing a
-- post twice changes nothing. The time of posting is no part of the key, since
-- two hosts may disagree about it; for the same reason there is no partition
-- by time, because rows in different partitions never replace each other.
CREATE TABLE IF NOT EXISTS posts
(
    campaign            LowCardinality(String),
    platform            LowCardinality(String) COMMENT 'x, mastodon, bluesky, archive',
    post_id             String COMMENT 'canonical identity: X id, ActivityPub uri, at-uri',
    native_id           String COMMENT 'id local to the source, which deletions name',
    source              LowCardinality(String) COMMENT 'which collector or archive delivered it',
    kind                LowCardinality(String) COMMENT 'post, repost, quote, reply',
    account_id          String,
    handle              String,
    followers           Nullable(UInt64) COMMENT 'of the author when seen; NULL is unknown, not zero',
    account_created_at  Nullable(DateTime64(3, 'UTC')),
    posted_at           DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    observed_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    edited_at           Nullable(DateTime64(3, 'UTC')),
    lang                LowCardinality(String),
    text                String CODEC(ZSTD(3)),
    url                 String CODEC(ZSTD(3)),
    tags                Array(String) COMMENT 'keys by which tags are compared',
    tags_posted         Array(String) COMMENT 'the same tags as posted',
    links               Array(String),
    mentions            Array(String) COMMENT 'account ids, empty where only the handle is known',
    mention_handles     Array(String) COMMENT 'their handles, as long as mentions',
    images              Array(String),
    reply_to_post       String,
    reply_to_account    String,
    reply_to_handle     String,
    repost_of_post      String,
    repost_of_account   String,
    repost_of_handle    String,
    quote_of_post       String,
    quote_of_account    String,
    quote_of_handle     String,
    shared              String,
    likes               Nullable(UInt64),
    reposts             Nullable(UInt64),
    replies             Nullable(UInt64),
    quotes              Nullable(UInt64),
    views               Nullable(UInt64),
    deleted             UInt8 COMMENT '1: content gone, count kept',
    version             UInt64 COMMENT 'milliseconds of the edit, else of the observation; highest for a deletion',
    INDEX native_id_set native_id TYPE bloom_filter GRANULARITY 4,
    INDEX posted_at_range posted_at TYPE minmax GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, platform, post_id);

-- Deletions name the source's local id only and may come before the post.
CREATE TABLE IF NOT EXISTS tombstones
(
    platform    LowCardinality(String),
    native_id   String,
    deleted_at  DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (platform, native_id);

-- What the newest sight of an account told.
CREATE TABLE IF NOT EXISTS accounts
(
    platform         LowCardinality(String),
    account_id       String,
    handle           String,
    name             String,
    created_at       Nullable(DateTime64(3, 'UTC')),
    followers        Nullable(UInt64),
    following        Nullable(UInt64),
    posts            Nullable(UInt64),
    default_profile  UInt8,
    bot              UInt8,
    observed_at      DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(observed_at)
ORDER BY (platform, account_id);

-- +goose Down
DROP TABLE IF EXISTS accounts;
DROP TABLE IF EXISTS tombstones;
DROP TABLE IF EXISTS posts;
