-- +goose NO TRANSACTION
-- +goose Up
-- Posts in the order in which they are read: by the hour that their id tells.
-- X numbers posts by the millisecond, Bluesky's record keys and Mastodon's status
-- ids hold one too. That hour is a property of the identity, the same whichever
-- host delivered the post, so it may be part of the key where the time of posting
-- may not; and what was posted within an hour lies together, however many
-- millions of posts there are. Ids that tell no time lie in hour 0.
DROP TABLE IF EXISTS posts_before;
DROP TABLE IF EXISTS posts_next;
CREATE TABLE posts_next
(
    campaign            LowCardinality(String),
    platform            LowCardinality(String) COMMENT 'x, mastodon, bluesky, archive',
    post_id             String COMMENT 'canonical identity: X id, ActivityPub uri, at-uri' CODEC(ZSTD(1)),
    -- Twitter's snowflake (https://github.com/twitter-archive/snowflake), an
    -- atproto TID (https://atproto.com/specs/tid), of which eight characters tell
    -- the time to 33 ms, and Mastodon's id (Mastodon::Snowflake). The patterns
    -- leave out what would be before 2005 or after 2086.
    id_hour             DateTime('UTC') MATERIALIZED toDateTime(3600 * multiIf(
        platform IN ('x', 'archive') AND match(post_id, '^[1-9][0-9]{14,18}$'),
        intDiv(bitShiftRight(toUInt64OrZero(post_id), 22) + 1288834974657, 3600000),
        platform = 'bluesky' AND match(post_id, '/[34][234567a-z]{12}$'),
        toUInt64(intDiv(32768 * arraySum(i -> (position('234567abcdefghijklmnopqrstuvwxyz', substring(post_id, i - 13, 1)) - 1) * bitShiftLeft(toUInt64(1), 35 - 5 * i), range(8)), 3600000000)),
        platform = 'mastodon' AND match(post_id, '/statuses/(9[0-9]{16}|1[0-9]{17}|2[0-3][0-9]{16})(/activity)?$'),
        intDiv(bitShiftRight(toUInt64OrZero(extract(post_id, '/statuses/([0-9]+)')), 16), 3600000),
        toUInt64(0)), 'UTC') COMMENT 'the hour that the id tells; 1970: none' CODEC(Delta, ZSTD(1)),
    native_id           String COMMENT 'id local to the source, which deletions name; empty: the same as post_id' CODEC(ZSTD(1)),
    source              LowCardinality(String) COMMENT 'which collector or archive delivered it',
    kind                LowCardinality(String) COMMENT 'post, repost, quote, reply',
    account_id          String CODEC(ZSTD(1)),
    handle              String CODEC(ZSTD(1)),
    followers           Nullable(UInt64) COMMENT 'of the author when seen; NULL is unknown, not zero' CODEC(ZSTD(1)),
    account_created_at  Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    posted_at           DateTime64(3, 'UTC') COMMENT 'as first told' CODEC(Delta, ZSTD(1)),
    time_slack          UInt32 DEFAULT 0 COMMENT 'seconds before posted_at that the post may really have been published',
    observed_at         DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    edited_at           Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    lang                LowCardinality(String),
    text                String CODEC(ZSTD(3)),
    -- Nearly all addresses follow from the identity, and were a tenth of what a
    -- post takes.
    address             String COMMENT 'where it can be read, if that does not follow from its id; -: not told' CODEC(ZSTD(3)),
    url                 String ALIAS multiIf(
        deleted = 1 OR address = '-', '',
        address != '', address,
        platform = 'x', concat('https://x.com/', if(handle = '', 'i', handle), '/status/', post_id),
        platform = 'bluesky' AND match(post_id, '^at://[^/]+/app[.]bsky[.]feed[.]post/[^/]+$'),
        concat('https://bsky.app/profile/', splitByChar('/', post_id)[3], '/post/', splitByChar('/', post_id)[5]),
        platform = 'mastodon' AND match(post_id, '^https://[^/]+/users/[^/]+/statuses/[0-9]+$'),
        concat('https://', splitByChar('/', post_id)[3], '/@', splitByChar('/', post_id)[5], '/', splitByChar('/', post_id)[7]),
        '') COMMENT 'where it can be read',
    tags                Array(LowCardinality(String)) COMMENT 'keys by which tags are compared' CODEC(ZSTD(1)),
    tags_told           Array(LowCardinality(String)) COMMENT 'the same tags as posted, if a key is not as posted' CODEC(ZSTD(1)),
    tags_posted         Array(LowCardinality(String)) ALIAS multiIf(deleted = 1, [], empty(tags_told), tags, tags_told) COMMENT 'the same tags as posted',
    links               Array(String) CODEC(ZSTD(1)),
    mentions            Array(String) COMMENT 'account ids, empty where only the handle is known' CODEC(ZSTD(1)),
    mention_handles     Array(String) COMMENT 'their handles, as long as mentions' CODEC(ZSTD(1)),
    images              Array(String) CODEC(ZSTD(1)),
    reply_to_post       String CODEC(ZSTD(1)),
    reply_to_account    String CODEC(ZSTD(1)),
    reply_to_handle     String CODEC(ZSTD(1)),
    repost_of_post      String CODEC(ZSTD(1)),
    repost_of_account   String CODEC(ZSTD(1)),
    repost_of_handle    String CODEC(ZSTD(1)),
    quote_of_post       String CODEC(ZSTD(1)),
    quote_of_account    String CODEC(ZSTD(1)),
    quote_of_handle     String CODEC(ZSTD(1)),
    shared              String CODEC(ZSTD(1)),
    likes               Nullable(UInt64) CODEC(ZSTD(1)),
    reposts             Nullable(UInt64) CODEC(ZSTD(1)),
    replies             Nullable(UInt64) CODEC(ZSTD(1)),
    quotes              Nullable(UInt64) CODEC(ZSTD(1)),
    views               Nullable(UInt64) CODEC(ZSTD(1)),
    deleted             UInt8 COMMENT '1: content gone, count kept',
    version             UInt64 COMMENT 'milliseconds of the edit, else of the observation; highest for a deletion' CODEC(Delta, ZSTD(1)),
    -- Times that the id does not tell (another host's clock, ids without a time)
    -- are few in most granules: a set of hours shows which.
    INDEX posted_hours toStartOfHour(toDateTime(posted_at, 'UTC')) TYPE set(256) GRANULARITY 1,
    INDEX post_ids post_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, id_hour, platform, post_id)
-- With forty columns a part of few rows is written in half the time as one file.
SETTINGS min_bytes_for_wide_part = 67108864;

INSERT INTO posts_next
    (campaign, platform, post_id, native_id, source, kind, account_id, handle, followers, account_created_at,
    posted_at, time_slack, observed_at, edited_at, lang, text, address, tags, tags_told, links, mentions, mention_handles,
    images, reply_to_post, reply_to_account, reply_to_handle, repost_of_post, repost_of_account, repost_of_handle,
    quote_of_post, quote_of_account, quote_of_handle, shared, likes, reposts, replies, quotes, views, deleted, version)
SELECT
    campaign, platform, post_id, if(native_id = post_id, '', native_id), source, kind, account_id, handle, followers, account_created_at,
    posted_at, time_slack, observed_at, edited_at, lang, text, if(url = '', '-', url), tags, if(tags_posted = tags, [], tags_posted), links, mentions, mention_handles,
    images, reply_to_post, reply_to_account, reply_to_handle, repost_of_post, repost_of_account, repost_of_handle,
    quote_of_post, quote_of_account, quote_of_handle, shared, likes, reposts, replies, quotes, views, deleted, version
FROM posts;

RENAME TABLE posts TO posts_before, posts_next TO posts;
DROP TABLE IF EXISTS posts_before;

-- Other names of posts: a post that several sources deliver is one row, and each
-- source announces its deletion by its own id.
CREATE TABLE IF NOT EXISTS aliases
(
    platform   LowCardinality(String),
    native_id  String CODEC(ZSTD(1)),
    post_id    String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (platform, native_id, post_id);

INSERT INTO aliases SELECT DISTINCT platform, native_id, post_id FROM posts WHERE native_id != '';

-- What was told of an account, each time it had changed.
CREATE TABLE IF NOT EXISTS account_sights
(
    platform         LowCardinality(String),
    account_id       String CODEC(ZSTD(1)),
    observed_at      DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    handle           String CODEC(ZSTD(1)),
    name             String CODEC(ZSTD(1)),
    created_at       Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    followers        Nullable(UInt64) CODEC(ZSTD(1)),
    following        Nullable(UInt64) CODEC(ZSTD(1)),
    posts            Nullable(UInt64) CODEC(ZSTD(1)),
    default_profile  UInt8,
    bot              UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (platform, account_id, observed_at);

INSERT INTO account_sights SELECT platform, account_id, observed_at, handle, name, created_at, followers, following, posts, default_profile, bot FROM accounts FINAL;

-- What people said of a finding; the newest word counts.
CREATE TABLE IF NOT EXISTS verdicts
(
    campaign    LowCardinality(String),
    finding_id  String,
    verdict     LowCardinality(String) COMMENT 'confirmed, explained, wrong; empty: taken back',
    note        String COMMENT 'why, in the words of who said so',
    author      String COMMENT 'who said so',
    at          DateTime64(3, 'UTC'),
    version     UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id);

-- The posts of a finding are found among all by where they lie.
ALTER TABLE finding_posts ADD COLUMN IF NOT EXISTS
    id_hour DateTime('UTC') MATERIALIZED toDateTime(3600 * multiIf(
        platform IN ('x', 'archive') AND match(post_id, '^[1-9][0-9]{14,18}$'),
        intDiv(bitShiftRight(toUInt64OrZero(post_id), 22) + 1288834974657, 3600000),
        platform = 'bluesky' AND match(post_id, '/[34][234567a-z]{12}$'),
        toUInt64(intDiv(32768 * arraySum(i -> (position('234567abcdefghijklmnopqrstuvwxyz', substring(post_id, i - 13, 1)) - 1) * bitShiftLeft(toUInt64(1), 35 - 5 * i), range(8)), 3600000000)),
        platform = 'mastodon' AND match(post_id, '/statuses/(9[0-9]{16}|1[0-9]{17}|2[0-3][0-9]{16})(/activity)?$'),
        intDiv(bitShiftRight(toUInt64OrZero(extract(post_id, '/statuses/([0-9]+)')), 16), 3600000),
        toUInt64(0)), 'UTC') COMMENT 'as in posts';

ALTER TABLE findings ADD COLUMN IF NOT EXISTS
    merged_into String DEFAULT '' COMMENT 'state merged: the finding that holds most of its accounts now' AFTER state;
ALTER TABLE findings COMMENT COLUMN IF EXISTS state 'open, withdrawn, merged';

-- When an account is on which side: from its first to its last evidence in an
-- open finding that no person rejected. Evidence of other versions than the
-- finding's is not its own any more.
CREATE VIEW IF NOT EXISTS memberships AS
SELECT
    a.campaign AS campaign,
    a.finding_id AS finding_id,
    a.platform AS platform,
    a.account_id AS account_id,
    a.first_at AS first_at,
    a.last_at AS last_at,
    multiIf(f.confidence = 'early', 'early', f.declared != '', 'declared', 'coordinated') AS side,
    f.confidence = 'high' AS is_sure
FROM (SELECT * FROM finding_accounts FINAL) AS a
INNER JOIN
(
    SELECT campaign, finding_id, declared, CAST(confidence, 'String') AS confidence, version
    FROM findings FINAL
    WHERE state = 'open'
        AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM verdicts FINAL WHERE verdict = 'wrong')
) AS f ON a.campaign = f.campaign AND a.finding_id = f.finding_id AND a.version = f.version;

-- The spans of time in which an account is on each side.
CREATE VIEW IF NOT EXISTS sides AS
SELECT
    campaign,
    platform,
    account_id,
    groupArrayIf((first_at, last_at), side = 'coordinated') AS coordinated,
    groupArrayIf((first_at, last_at), side = 'coordinated' AND is_sure) AS sure,
    groupArrayIf((first_at, last_at), side = 'declared') AS declared,
    groupArrayIf((first_at, last_at), side = 'early') AS early
FROM memberships
GROUP BY campaign, platform, account_id;

-- Accounts by hour and day: what is unique in a span that no bucket of reach
-- covers. Recomputed from the posts and replaced. posts = 0: there is none any more.
CREATE TABLE IF NOT EXISTS account_buckets
(
    campaign           LowCardinality(String),
    step               UInt32 COMMENT 'length of the bucket in seconds: 3600, 86400',
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

-- Reach by time, tag or language, and platform: recomputed from the posts and
-- replaced, never added to. tag = '' and lang = '' is the whole campaign; no bucket
-- is about a tag in a language. Unique accounts do not add up over time, hence
-- three steps, and a fourth that holds everything. They do add up over platforms.
DROP TABLE IF EXISTS reach;
CREATE TABLE reach
(
    campaign                 LowCardinality(String),
    step                     UInt32 COMMENT 'length of the bucket in seconds: 60, 3600, 86400; 0: since the beginning',
    tag                      String,
    lang                     LowCardinality(String),
    platform                 LowCardinality(String),
    at                       DateTime('UTC') COMMENT 'begin of the bucket' CODEC(Delta, ZSTD(1)),
    -- Sixty buckets in a row lie together, of all tags: whether one hour is replaced
    -- or a year drawn, little else is read.
    sixty                    UInt32 MATERIALIZED intDiv(toUInt32(at), greatest(step, 1) * 60) CODEC(Delta, ZSTD(1)),
    first_at                 DateTime64(3, 'UTC') COMMENT 'time of the first post' CODEC(Delta, ZSTD(1)),
    last_at                  DateTime64(3, 'UTC') COMMENT 'time of the last post' CODEC(Delta, ZSTD(1)),
    posts                    UInt64 CODEC(T64, ZSTD(1)),
    accounts                 UInt64 CODEC(T64, ZSTD(1)),
    accounts_reach_known     UInt64 COMMENT 'accounts whose followers are known' CODEC(T64, ZSTD(1)),
    potential_reach          UInt64 COMMENT 'followers of the unique authors' CODEC(T64, ZSTD(1)),
    potential_impressions    UInt64 COMMENT 'followers summed over posts' CODEC(T64, ZSTD(1)),
    views                    UInt64 CODEC(T64, ZSTD(1)),
    likes                    UInt64 CODEC(T64, ZSTD(1)),
    reposts                  UInt64 CODEC(T64, ZSTD(1)),
    replies                  UInt64 CODEC(T64, ZSTD(1)),
    quotes                   UInt64 CODEC(T64, ZSTD(1)),
    coordinated_posts        UInt64 COMMENT 'by accounts inside an undeclared finding' CODEC(T64, ZSTD(1)),
    coordinated_accounts     UInt64 CODEC(T64, ZSTD(1)),
    coordinated_reach        UInt64 CODEC(T64, ZSTD(1)),
    coordinated_impressions  UInt64 CODEC(T64, ZSTD(1)),
    coordinated_views        UInt64 CODEC(T64, ZSTD(1)),
    coordinated_likes        UInt64 CODEC(T64, ZSTD(1)),
    coordinated_reposts      UInt64 CODEC(T64, ZSTD(1)),
    coordinated_replies      UInt64 CODEC(T64, ZSTD(1)),
    coordinated_quotes       UInt64 CODEC(T64, ZSTD(1)),
    sure_posts               UInt64 COMMENT 'of the coordinated, by accounts inside a finding of high confidence' CODEC(T64, ZSTD(1)),
    sure_accounts            UInt64 CODEC(T64, ZSTD(1)),
    declared_posts           UInt64 COMMENT 'by accounts inside a declared finding only' CODEC(T64, ZSTD(1)),
    declared_accounts        UInt64 CODEC(T64, ZSTD(1)),
    early_posts              UInt64 COMMENT 'by accounts inside an early finding only; not coordinated' CODEC(T64, ZSTD(1)),
    early_accounts           UInt64 CODEC(T64, ZSTD(1)),
    version                  UInt64 CODEC(Delta, ZSTD(1)),
    INDEX at_range at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, step, sixty, tag, lang, platform, at);

-- All of it is to be computed anew. The lowest bit of a mark's version says "done".
INSERT INTO marks
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at, 'UTC')), 'findings', 0, bitAnd(toUInt64(toUnixTimestamp64Nano(now64(9))), 18446744073709551614)
FROM posts;

-- +goose Down
-- The posts stay as they are: nothing that reads them minds what is new.
DROP TABLE IF EXISTS account_buckets;
DROP VIEW IF EXISTS sides;
DROP VIEW IF EXISTS memberships;
ALTER TABLE findings DROP COLUMN IF EXISTS merged_into;
DROP TABLE IF EXISTS verdicts;
DROP TABLE IF EXISTS account_sights;
DROP TABLE IF EXISTS aliases;
