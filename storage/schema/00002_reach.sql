-- +goose NO TRANSACTION
-- +goose Up
-- Campaign hours whose buckets must be recomputed. Written before the log
-- message that touched them is acknowledged. A mark's version is even; the row
-- that takes it back has done = 1 and the next odd version, so that a mark set
-- while its hour was being recomputed stays open. Marks by posts and marks by
-- findings are kept apart: only the former ask for detection to run again.
CREATE TABLE IF NOT EXISTS marks
(
    campaign  LowCardinality(String),
    hour      DateTime('UTC'),
    cause     LowCardinality(String) COMMENT 'posts, findings',
    done      UInt8,
    version   UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, hour, cause);

-- Reach by time, tag and platform: recomputed from the posts and replaced,
-- never added to. tag = '' is the whole campaign. step is the length of the
-- bucket in seconds: 60, 3600 or 86400; unique accounts do not add up over
-- time, hence three steps. They do add up over platforms.
CREATE TABLE IF NOT EXISTS reach
(
    campaign               LowCardinality(String),
    step                   UInt32,
    tag                    String,
    platform               LowCardinality(String),
    at                     DateTime('UTC') COMMENT 'begin of the bucket',
    posts                  UInt64,
    accounts               UInt64,
    accounts_reach_known   UInt64 COMMENT 'accounts whose followers are known',
    potential_reach        UInt64 COMMENT 'followers of the unique authors',
    potential_impressions  UInt64 COMMENT 'followers summed over posts',
    views                  UInt64,
    likes                  UInt64,
    reposts                UInt64,
    replies                UInt64,
    quotes                 UInt64,
    coordinated_posts      UInt64 COMMENT 'by accounts inside an undeclared finding',
    coordinated_accounts   UInt64,
    coordinated_reach      UInt64,
    declared_posts         UInt64 COMMENT 'by accounts inside a declared finding only',
    declared_accounts      UInt64,
    version                UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, step, tag, platform, at);

-- +goose Down
DROP TABLE IF EXISTS reach;
DROP TABLE IF EXISTS marks;
