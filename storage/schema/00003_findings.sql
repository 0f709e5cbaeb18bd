-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS findings
(
    campaign     LowCardinality(String),
    finding_id   String,
    kind         LowCardinality(String) COMMENT 'copies, reposts, pile-on',
    state        LowCardinality(String) COMMENT 'open, withdrawn',
    sentence     String,
    started_at   DateTime64(3, 'UTC') COMMENT 'first evidence',
    ended_at     DateTime64(3, 'UTC') COMMENT 'last evidence',
    bits         Float64,
    expected     Float64 COMMENT 'coincidences that chance would give',
    observed     Float64,
    target       String COMMENT 'account that a pile-on is directed at',
    declared     String COMMENT 'declared action that it matches, or empty',
    accounts     UInt64,
    posts        UInt64,
    objects      UInt64,
    fingerprint  String COMMENT 'hash of all evidence: an unchanged finding is not written again',
    version      UInt64 COMMENT 'only evidence rows of this very version belong to it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id);

CREATE TABLE IF NOT EXISTS finding_accounts
(
    campaign    LowCardinality(String),
    finding_id  String,
    platform    LowCardinality(String),
    account_id  String,
    bits        Float64,
    first_at    DateTime64(3, 'UTC'),
    last_at     DateTime64(3, 'UTC'),
    posts       UInt64,
    version     UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id, platform, account_id);

CREATE TABLE IF NOT EXISTS finding_objects
(
    campaign     LowCardinality(String),
    finding_id   String,
    object_kind  LowCardinality(String),
    object_id    String,
    label        String,
    accounts     UInt64,
    first_at     DateTime64(3, 'UTC'),
    last_at      DateTime64(3, 'UTC'),
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id, object_kind, object_id);

CREATE TABLE IF NOT EXISTS finding_posts
(
    campaign     LowCardinality(String),
    finding_id   String,
    platform     LowCardinality(String),
    post_id      String,
    object_kind  LowCardinality(String),
    object_id    String,
    account_id   String,
    at           DateTime64(3, 'UTC'),
    version      UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id, platform, post_id, object_kind, object_id);

-- +goose Down
DROP TABLE IF EXISTS finding_posts;
DROP TABLE IF EXISTS finding_objects;
DROP TABLE IF EXISTS finding_accounts;
DROP TABLE IF EXISTS findings;
