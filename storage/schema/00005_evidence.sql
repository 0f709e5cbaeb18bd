-- +goose NO TRANSACTION
-- +goose Up
-- How far a finding can be relied on, since when its evidence sufficed, and what
-- its bits are made of.
ALTER TABLE findings ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, the evidence sufficed; 1970: not known' AFTER ended_at;
ALTER TABLE findings ADD COLUMN IF NOT EXISTS
    confidence LowCardinality(String) DEFAULT '' COMMENT 'early: may be taken back within the hour, counts nobody as coordinated; firm; high; empty: not known' AFTER bits;
ALTER TABLE findings COMMENT COLUMN IF EXISTS kind 'copies, reposts, pile-on, flood';

ALTER TABLE finding_posts ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, it became part of evidence that suffices; 1970: not known' AFTER at;

ALTER TABLE finding_accounts ADD COLUMN IF NOT EXISTS
    signals Array(String) COMMENT 'signs that the account may be automated; they earn no bits' AFTER posts;

-- What the bits of a finding are made of: one row per number that they are
-- computed from. All columns up to detected_at belong to the piece of evidence
-- and are the same in each of its rows.
CREATE TABLE IF NOT EXISTS finding_evidence
(
    campaign       LowCardinality(String),
    finding_id     String,
    evidence       UInt32 COMMENT 'number of the piece within the finding, the strongest is 1',
    term           UInt16 COMMENT 'number within the piece, from 1; 0: a piece without numbers',
    kind           LowCardinality(String) COMMENT 'pair, group, copies, headline, run, flood, pile-on',
    object_kind    LowCardinality(String) COMMENT 'kind of the object that founded it',
    object_id      String,
    platform_a     LowCardinality(String) COMMENT 'empty: about no single account',
    account_a      String COMMENT 'of a pair the one, of a group the account in step with it',
    platform_b     LowCardinality(String),
    account_b      String COMMENT 'of a pair the other, else empty',
    from_at        DateTime64(3, 'UTC') COMMENT 'first action',
    to_at          DateTime64(3, 'UTC') COMMENT 'last action',
    window_s       Float64 COMMENT 'seconds: the longest time between two actions that count together',
    accounts       UInt64,
    evidence_bits  Float64 COMMENT 'what the piece earned',
    need           Float64 COMMENT 'bits that it had to earn',
    counted        Float64 COMMENT 'bits that the finding counts: not what another piece says already',
    detected_at    DateTime64(3, 'UTC') COMMENT 'when, in the time of the posts, it sufficed; 1970: not known',
    name           LowCardinality(String) COMMENT 'what the number is about; its formula is in docs/detection.md',
    observed       Float64,
    of             Float64 COMMENT 'out of how many',
    base           Float64 COMMENT 'what chance would give',
    bits           Float64 COMMENT 'what this number earned of evidence_bits',
    version        UInt64 COMMENT 'only rows of the version of their finding belong to it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id, evidence, term);

-- +goose Down
ALTER TABLE finding_accounts DROP COLUMN IF EXISTS signals;
DROP TABLE IF EXISTS finding_evidence;
ALTER TABLE finding_posts DROP COLUMN IF EXISTS detected_at;
ALTER TABLE findings DROP COLUMN IF EXISTS confidence;
ALTER TABLE findings DROP COLUMN IF EXISTS detected_at;
