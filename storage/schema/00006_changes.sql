-- +goose NO TRANSACTION
-- +goose Up
-- When the volume of a campaign or of one of its tags was unusual for the time
-- of day.
CREATE TABLE IF NOT EXISTS changes
(
    campaign           LowCardinality(String),
    change_id          String,
    tag                String COMMENT 'empty: the whole campaign',
    direction          LowCardinality(String) COMMENT 'rise, fall',
    state              LowCardinality(String) COMMENT 'open: holds, whether over or not; withdrawn',
    sentence           String,
    started_at         DateTime64(3, 'UTC') COMMENT 'to within ten minutes',
    ended_at           Nullable(DateTime64(3, 'UTC')) COMMENT 'NULL: not over, or lasting',
    lasting            UInt8 COMMENT '1: went on for a day and is the new usual',
    bits               Float64 COMMENT 'surprise of the most unusual stretch of up to six hours',
    observed           UInt64 COMMENT 'posts from started_at to ended_at',
    expected           Float64 COMMENT 'posts that would be usual in that time',
    peak_at            DateTime64(3, 'UTC') COMMENT 'begin of the ten minutes furthest from the usual',
    peak_observed      UInt64,
    peak_expected      Float64,
    before_from        DateTime64(3, 'UTC') COMMENT 'the side before ends at started_at',
    before_posts       UInt64,
    before_accounts    UInt64,
    before_effective   Float64 COMMENT '1 / sum of squared shares of posts over accounts',
    after_to           DateTime64(3, 'UTC') COMMENT 'the side after begins at started_at, six hours at most',
    after_posts        UInt64,
    after_accounts     UInt64,
    after_effective    Float64,
    newcomers          UInt64 COMMENT 'accounts after that had never posted in the campaign',
    stayed             UInt64 COMMENT 'accounts on both sides',
    stayed_posts       UInt64 COMMENT 'their posts after',
    usual_posts        Float64 COMMENT 'posts of all accounts that would be usual after',
    hold               LowCardinality(String) COMMENT 'new, kept, outnumbered, drowned, taken over: a rule over the numbers beside it',
    fingerprint        String COMMENT 'hash of all of it: an unchanged change is not written again',
    version            UInt64 COMMENT 'only items of this very version belong to it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, change_id);

-- What rose and fell around a change, its languages and its busiest accounts.
CREATE TABLE IF NOT EXISTS change_items
(
    campaign         LowCardinality(String),
    change_id        String,
    role             LowCardinality(String) COMMENT 'rose, fell, language, account',
    kind             LowCardinality(String) COMMENT 'text, link, tag, language, repost; of an account its platform',
    item             String COMMENT 'hash of the folded text, link, tag, language, post id, account id',
    label            String,
    accounts_before  UInt64,
    accounts_after   UInt64,
    posts_before     UInt64,
    posts_after      UInt64,
    bits             Float64 COMMENT 'log-likelihood ratio over accounts; 0 for accounts',
    newcomer         UInt8 COMMENT '1: an account that had never posted in the campaign before',
    version          UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, change_id, role, kind, item);

-- +goose Down
DROP TABLE IF EXISTS change_items;
DROP TABLE IF EXISTS changes;
