-- versions
CREATE TABLE IF NOT EXISTS `campaigns`.goose_db_version ON CLUSTER `winnow-2`
(
    version_id  Int64,
    is_applied  UInt8,
    date        Date DEFAULT now(),
    tstamp      DateTime DEFAULT now()
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/all', '{shard}-{replica}')
ORDER BY date;

-- 00001_posts.sql
CREATE TABLE IF NOT EXISTS `campaigns`.posts_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, platform, post_id);

CREATE TABLE IF NOT EXISTS `campaigns`.posts ON CLUSTER `winnow-2` AS `campaigns`.posts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'posts_local', sipHash64(platform, post_id));

CREATE TABLE IF NOT EXISTS `campaigns`.tombstones_local ON CLUSTER `winnow-2`
(
    platform    LowCardinality(String),
    native_id   String,
    deleted_at  DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (platform, native_id);

CREATE TABLE IF NOT EXISTS `campaigns`.tombstones ON CLUSTER `winnow-2` AS `campaigns`.tombstones_local
ENGINE = Distributed('winnow-2', 'campaigns', 'tombstones_local', sipHash64(platform, native_id));

CREATE TABLE IF NOT EXISTS `campaigns`.accounts_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', observed_at)
ORDER BY (platform, account_id);

CREATE TABLE IF NOT EXISTS `campaigns`.accounts ON CLUSTER `winnow-2` AS `campaigns`.accounts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'accounts_local', sipHash64(platform, account_id));


-- 00002_reach.sql
CREATE TABLE IF NOT EXISTS `campaigns`.marks_local ON CLUSTER `winnow-2`
(
    campaign  LowCardinality(String),
    hour      DateTime('UTC'),
    cause     LowCardinality(String) COMMENT 'posts, findings',
    done      UInt8,
    version   UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, hour, cause);

CREATE TABLE IF NOT EXISTS `campaigns`.marks ON CLUSTER `winnow-2` AS `campaigns`.marks_local
ENGINE = Distributed('winnow-2', 'campaigns', 'marks_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.reach_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, step, tag, platform, at);

CREATE TABLE IF NOT EXISTS `campaigns`.reach ON CLUSTER `winnow-2` AS `campaigns`.reach_local
ENGINE = Distributed('winnow-2', 'campaigns', 'reach_local', sipHash64(campaign));


-- 00003_findings.sql
CREATE TABLE IF NOT EXISTS `campaigns`.findings_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id);

CREATE TABLE IF NOT EXISTS `campaigns`.findings ON CLUSTER `winnow-2` AS `campaigns`.findings_local
ENGINE = Distributed('winnow-2', 'campaigns', 'findings_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.finding_accounts_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id, platform, account_id);

CREATE TABLE IF NOT EXISTS `campaigns`.finding_accounts ON CLUSTER `winnow-2` AS `campaigns`.finding_accounts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'finding_accounts_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.finding_objects_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id, object_kind, object_id);

CREATE TABLE IF NOT EXISTS `campaigns`.finding_objects ON CLUSTER `winnow-2` AS `campaigns`.finding_objects_local
ENGINE = Distributed('winnow-2', 'campaigns', 'finding_objects_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.finding_posts_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id, platform, post_id, object_kind, object_id);

CREATE TABLE IF NOT EXISTS `campaigns`.finding_posts ON CLUSTER `winnow-2` AS `campaigns`.finding_posts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'finding_posts_local', sipHash64(campaign));


-- 00004_coverage.sql
CREATE TABLE IF NOT EXISTS `campaigns`.gaps_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (source, campaign, from_at);

CREATE TABLE IF NOT EXISTS `campaigns`.gaps ON CLUSTER `winnow-2` AS `campaigns`.gaps_local
ENGINE = Distributed('winnow-2', 'campaigns', 'gaps_local', sipHash64(source));

CREATE TABLE IF NOT EXISTS `campaigns`.watches_local ON CLUSTER `winnow-2`
(
    source    LowCardinality(String),
    campaign  LowCardinality(String),
    platform  SimpleAggregateFunction(anyLast, LowCardinality(String)),
    since     SimpleAggregateFunction(min, DateTime64(3, 'UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (source, campaign);

CREATE TABLE IF NOT EXISTS `campaigns`.watches ON CLUSTER `winnow-2` AS `campaigns`.watches_local
ENGINE = Distributed('winnow-2', 'campaigns', 'watches_local', sipHash64(source));

ALTER TABLE `campaigns`.posts_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    time_slack UInt32 DEFAULT 0 COMMENT 'seconds before posted_at that the post may really have been published';

ALTER TABLE `campaigns`.posts ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    time_slack UInt32 DEFAULT 0 COMMENT 'seconds before posted_at that the post may really have been published';


-- 00005_evidence.sql
ALTER TABLE `campaigns`.findings_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, the evidence sufficed; 1970: not known' AFTER ended_at;

ALTER TABLE `campaigns`.findings ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, the evidence sufficed; 1970: not known' AFTER ended_at;

ALTER TABLE `campaigns`.findings_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    confidence LowCardinality(String) DEFAULT '' COMMENT 'early: may be taken back within the hour, counts nobody as coordinated; firm; high; empty: not known' AFTER bits;

ALTER TABLE `campaigns`.findings ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    confidence LowCardinality(String) DEFAULT '' COMMENT 'early: may be taken back within the hour, counts nobody as coordinated; firm; high; empty: not known' AFTER bits;

ALTER TABLE `campaigns`.findings_local ON CLUSTER `winnow-2` COMMENT COLUMN IF EXISTS kind 'copies, reposts, pile-on, flood';

ALTER TABLE `campaigns`.findings ON CLUSTER `winnow-2` COMMENT COLUMN IF EXISTS kind 'copies, reposts, pile-on, flood';

ALTER TABLE `campaigns`.finding_posts_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, it became part of evidence that suffices; 1970: not known' AFTER at;

ALTER TABLE `campaigns`.finding_posts ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    detected_at DateTime64(3, 'UTC') DEFAULT 0 COMMENT 'when, in the time of the posts, it became part of evidence that suffices; 1970: not known' AFTER at;

ALTER TABLE `campaigns`.finding_accounts_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    signals Array(String) COMMENT 'signs that the account may be automated; they earn no bits' AFTER posts;

ALTER TABLE `campaigns`.finding_accounts ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    signals Array(String) COMMENT 'signs that the account may be automated; they earn no bits' AFTER posts;

CREATE TABLE IF NOT EXISTS `campaigns`.finding_evidence_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id, evidence, term);

CREATE TABLE IF NOT EXISTS `campaigns`.finding_evidence ON CLUSTER `winnow-2` AS `campaigns`.finding_evidence_local
ENGINE = Distributed('winnow-2', 'campaigns', 'finding_evidence_local', sipHash64(campaign));


-- 00006_changes.sql
CREATE TABLE IF NOT EXISTS `campaigns`.changes_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, change_id);

CREATE TABLE IF NOT EXISTS `campaigns`.changes ON CLUSTER `winnow-2` AS `campaigns`.changes_local
ENGINE = Distributed('winnow-2', 'campaigns', 'changes_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.change_items_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, change_id, role, kind, item);

CREATE TABLE IF NOT EXISTS `campaigns`.change_items ON CLUSTER `winnow-2` AS `campaigns`.change_items_local
ENGINE = Distributed('winnow-2', 'campaigns', 'change_items_local', sipHash64(campaign));


-- 00007_buckets.sql
DROP TABLE IF EXISTS `campaigns`.posts_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.posts_before_local ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.posts_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.posts_next_local ON CLUSTER `winnow-2` SYNC;

CREATE TABLE `campaigns`.posts_next_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, id_hour, platform, post_id)
-- With forty columns a part of few rows is written in half the time as one file.
SETTINGS min_bytes_for_wide_part = 67108864;

CREATE TABLE `campaigns`.posts_next ON CLUSTER `winnow-2` AS `campaigns`.posts_next_local
ENGINE = Distributed('winnow-2', 'campaigns', 'posts_next_local', sipHash64(platform, post_id));

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

RENAME TABLE `campaigns`.posts_local TO `campaigns`.posts_before_local, `campaigns`.posts_next_local TO `campaigns`.posts_local ON CLUSTER `winnow-2`;

CREATE OR REPLACE TABLE `campaigns`.posts ON CLUSTER `winnow-2` AS `campaigns`.posts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'posts_local', sipHash64(platform, post_id));

CREATE OR REPLACE TABLE `campaigns`.posts_before ON CLUSTER `winnow-2` AS `campaigns`.posts_before_local
ENGINE = Distributed('winnow-2', 'campaigns', 'posts_before_local', sipHash64(platform, post_id));

DROP TABLE IF EXISTS `campaigns`.posts_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.posts_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.posts_before_local ON CLUSTER `winnow-2` SYNC;

CREATE TABLE IF NOT EXISTS `campaigns`.aliases_local ON CLUSTER `winnow-2`
(
    platform   LowCardinality(String),
    native_id  String CODEC(ZSTD(1)),
    post_id    String CODEC(ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (platform, native_id, post_id);

CREATE TABLE IF NOT EXISTS `campaigns`.aliases ON CLUSTER `winnow-2` AS `campaigns`.aliases_local
ENGINE = Distributed('winnow-2', 'campaigns', 'aliases_local', sipHash64(platform, native_id));

INSERT INTO aliases SELECT DISTINCT platform, native_id, post_id FROM posts WHERE native_id != '';

CREATE TABLE IF NOT EXISTS `campaigns`.account_sights_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (platform, account_id, observed_at);

CREATE TABLE IF NOT EXISTS `campaigns`.account_sights ON CLUSTER `winnow-2` AS `campaigns`.account_sights_local
ENGINE = Distributed('winnow-2', 'campaigns', 'account_sights_local', sipHash64(platform, account_id));

INSERT INTO account_sights SELECT platform, account_id, observed_at, handle, name, created_at, followers, following, posts, default_profile, bot FROM accounts FINAL;

CREATE TABLE IF NOT EXISTS `campaigns`.verdicts_local ON CLUSTER `winnow-2`
(
    campaign    LowCardinality(String),
    finding_id  String,
    verdict     LowCardinality(String) COMMENT 'confirmed, explained, wrong; empty: taken back',
    note        String COMMENT 'why, in the words of who said so',
    author      String COMMENT 'who said so',
    at          DateTime64(3, 'UTC'),
    version     UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id);

CREATE TABLE IF NOT EXISTS `campaigns`.verdicts ON CLUSTER `winnow-2` AS `campaigns`.verdicts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'verdicts_local', sipHash64(campaign));

ALTER TABLE `campaigns`.finding_posts_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    id_hour DateTime('UTC') MATERIALIZED toDateTime(3600 * multiIf(
        platform IN ('x', 'archive') AND match(post_id, '^[1-9][0-9]{14,18}$'),
        intDiv(bitShiftRight(toUInt64OrZero(post_id), 22) + 1288834974657, 3600000),
        platform = 'bluesky' AND match(post_id, '/[34][234567a-z]{12}$'),
        toUInt64(intDiv(32768 * arraySum(i -> (position('234567abcdefghijklmnopqrstuvwxyz', substring(post_id, i - 13, 1)) - 1) * bitShiftLeft(toUInt64(1), 35 - 5 * i), range(8)), 3600000000)),
        platform = 'mastodon' AND match(post_id, '/statuses/(9[0-9]{16}|1[0-9]{17}|2[0-3][0-9]{16})(/activity)?$'),
        intDiv(bitShiftRight(toUInt64OrZero(extract(post_id, '/statuses/([0-9]+)')), 16), 3600000),
        toUInt64(0)), 'UTC') COMMENT 'as in posts';

ALTER TABLE `campaigns`.finding_posts ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    id_hour DateTime('UTC') MATERIALIZED toDateTime(3600 * multiIf(
        platform IN ('x', 'archive') AND match(post_id, '^[1-9][0-9]{14,18}$'),
        intDiv(bitShiftRight(toUInt64OrZero(post_id), 22) + 1288834974657, 3600000),
        platform = 'bluesky' AND match(post_id, '/[34][234567a-z]{12}$'),
        toUInt64(intDiv(32768 * arraySum(i -> (position('234567abcdefghijklmnopqrstuvwxyz', substring(post_id, i - 13, 1)) - 1) * bitShiftLeft(toUInt64(1), 35 - 5 * i), range(8)), 3600000000)),
        platform = 'mastodon' AND match(post_id, '/statuses/(9[0-9]{16}|1[0-9]{17}|2[0-3][0-9]{16})(/activity)?$'),
        intDiv(bitShiftRight(toUInt64OrZero(extract(post_id, '/statuses/([0-9]+)')), 16), 3600000),
        toUInt64(0)), 'UTC') COMMENT 'as in posts';

ALTER TABLE `campaigns`.findings_local ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    merged_into String DEFAULT '' COMMENT 'state merged: the finding that holds most of its accounts now' AFTER state;

ALTER TABLE `campaigns`.findings ON CLUSTER `winnow-2` ADD COLUMN IF NOT EXISTS
    merged_into String DEFAULT '' COMMENT 'state merged: the finding that holds most of its accounts now' AFTER state;

ALTER TABLE `campaigns`.findings_local ON CLUSTER `winnow-2` COMMENT COLUMN IF EXISTS state 'open, withdrawn, merged';

ALTER TABLE `campaigns`.findings ON CLUSTER `winnow-2` COMMENT COLUMN IF EXISTS state 'open, withdrawn, merged';

CREATE VIEW IF NOT EXISTS `campaigns`.memberships ON CLUSTER `winnow-2` AS
SELECT
    a.campaign AS campaign,
    a.finding_id AS finding_id,
    a.platform AS platform,
    a.account_id AS account_id,
    a.first_at AS first_at,
    a.last_at AS last_at,
    multiIf(f.confidence = 'early', 'early', f.declared != '', 'declared', 'coordinated') AS side,
    f.confidence = 'high' AS is_sure
FROM (SELECT * FROM `campaigns`.finding_accounts FINAL) AS a
INNER JOIN
(
    SELECT campaign, finding_id, declared, CAST(confidence, 'String') AS confidence, version
    FROM `campaigns`.findings FINAL
    WHERE state = 'open'
        AND (campaign, finding_id) NOT IN (SELECT campaign, finding_id FROM `campaigns`.verdicts FINAL WHERE verdict = 'wrong')
) AS f ON a.campaign = f.campaign AND a.finding_id = f.finding_id AND a.version = f.version;

CREATE VIEW IF NOT EXISTS `campaigns`.sides ON CLUSTER `winnow-2` AS
SELECT
    campaign,
    platform,
    account_id,
    groupArrayIf((first_at, last_at), side = 'coordinated') AS coordinated,
    groupArrayIf((first_at, last_at), side = 'coordinated' AND is_sure) AS sure,
    groupArrayIf((first_at, last_at), side = 'declared') AS declared,
    groupArrayIf((first_at, last_at), side = 'early') AS early
FROM `campaigns`.memberships
GROUP BY campaign, platform, account_id;

CREATE TABLE IF NOT EXISTS `campaigns`.account_buckets_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, step, at, platform, account_id);

CREATE TABLE IF NOT EXISTS `campaigns`.account_buckets ON CLUSTER `winnow-2` AS `campaigns`.account_buckets_local
ENGINE = Distributed('winnow-2', 'campaigns', 'account_buckets_local', sipHash64(platform, account_id));

DROP TABLE IF EXISTS `campaigns`.reach ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.reach_local ON CLUSTER `winnow-2` SYNC;

CREATE TABLE `campaigns`.reach_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, step, sixty, tag, lang, platform, at);

CREATE TABLE `campaigns`.reach ON CLUSTER `winnow-2` AS `campaigns`.reach_local
ENGINE = Distributed('winnow-2', 'campaigns', 'reach_local', sipHash64(campaign));

INSERT INTO marks
SELECT DISTINCT campaign, toStartOfHour(toDateTime(posted_at, 'UTC')), 'findings', 0, bitAnd(toUInt64(toUnixTimestamp64Nano(now64(9))), 18446744073709551614)
FROM posts;


-- 00008_retention.sql
CREATE TABLE IF NOT EXISTS `campaigns`.horizons_local ON CLUSTER `winnow-2`
(
    campaign  LowCardinality(String),
    before    SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY (campaign);

CREATE TABLE IF NOT EXISTS `campaigns`.horizons ON CLUSTER `winnow-2` AS `campaigns`.horizons_local
ENGINE = Distributed('winnow-2', 'campaigns', 'horizons_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.declared_actions_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, name, from_at);

CREATE TABLE IF NOT EXISTS `campaigns`.declared_actions ON CLUSTER `winnow-2` AS `campaigns`.declared_actions_local
ENGINE = Distributed('winnow-2', 'campaigns', 'declared_actions_local', sipHash64(campaign));


-- 00009_verdict_history.sql
CREATE TABLE IF NOT EXISTS `campaigns`.verdict_history_local ON CLUSTER `winnow-2`
(
    campaign    LowCardinality(String),
    finding_id  String,
    verdict     LowCardinality(String) COMMENT 'confirmed, explained, wrong; empty: taken back',
    note        String COMMENT 'why, in the words of who said so',
    author      String COMMENT 'who said so; empty: a desk without users',
    at          DateTime64(3, 'UTC'),
    version     UInt64 COMMENT 'that of the row in verdicts'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, finding_id, version);

CREATE TABLE IF NOT EXISTS `campaigns`.verdict_history ON CLUSTER `winnow-2` AS `campaigns`.verdict_history_local
ENGINE = Distributed('winnow-2', 'campaigns', 'verdict_history_local', sipHash64(campaign));

INSERT INTO verdict_history (campaign, finding_id, verdict, note, author, at, version)
SELECT campaign, finding_id, verdict, note, author, at, version FROM verdicts FINAL;


-- 00010_audience.sql
CREATE TABLE IF NOT EXISTS `campaigns`.audience_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, step, at, platform, since);

CREATE TABLE IF NOT EXISTS `campaigns`.audience ON CLUSTER `winnow-2` AS `campaigns`.audience_local
ENGINE = Distributed('winnow-2', 'campaigns', 'audience_local', sipHash64(campaign));

CREATE TABLE IF NOT EXISTS `campaigns`.audience_days_local ON CLUSTER `winnow-2`
(
    campaign  LowCardinality(String),
    day       DateTime('UTC') CODEC(Delta, ZSTD(1)),
    digest    UInt64 COMMENT 'sum of hashes of the rows of account_buckets',
    version   UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, day);

CREATE TABLE IF NOT EXISTS `campaigns`.audience_days ON CLUSTER `winnow-2` AS `campaigns`.audience_days_local
ENGINE = Distributed('winnow-2', 'campaigns', 'audience_days_local', sipHash64(campaign));

INSERT INTO marks (campaign, hour, cause, done, version)
SELECT DISTINCT campaign, toStartOfDay(at, 'UTC'), 'days', 0, bitAnd(toUInt64(toUnixTimestamp64Nano(now64(9))), 18446744073709551614)
FROM account_buckets
WHERE step = 3600 AND posts > 0;

DROP TABLE IF EXISTS `campaigns`.account_buckets_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.account_buckets_before_local ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.account_buckets_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.account_buckets_next_local ON CLUSTER `winnow-2` SYNC;

CREATE TABLE `campaigns`.account_buckets_next_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', version)
ORDER BY (campaign, step, at, platform, account_id);

CREATE TABLE `campaigns`.account_buckets_next ON CLUSTER `winnow-2` AS `campaigns`.account_buckets_next_local
ENGINE = Distributed('winnow-2', 'campaigns', 'account_buckets_next_local', sipHash64(platform, account_id));

INSERT INTO account_buckets_next
SELECT campaign, step, at, platform, account_id, posts, followers, coordinated_posts, sure_posts, declared_posts, early_posts, version
FROM account_buckets
WHERE step = 3600;

RENAME TABLE `campaigns`.account_buckets_local TO `campaigns`.account_buckets_before_local, `campaigns`.account_buckets_next_local TO `campaigns`.account_buckets_local ON CLUSTER `winnow-2`;

CREATE OR REPLACE TABLE `campaigns`.account_buckets ON CLUSTER `winnow-2` AS `campaigns`.account_buckets_local
ENGINE = Distributed('winnow-2', 'campaigns', 'account_buckets_local', sipHash64(platform, account_id));

CREATE OR REPLACE TABLE `campaigns`.account_buckets_before ON CLUSTER `winnow-2` AS `campaigns`.account_buckets_before_local
ENGINE = Distributed('winnow-2', 'campaigns', 'account_buckets_before_local', sipHash64(platform, account_id));

DROP TABLE IF EXISTS `campaigns`.account_buckets_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.account_buckets_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.account_buckets_before_local ON CLUSTER `winnow-2` SYNC;


-- 00011_accounts.sql
DROP TABLE IF EXISTS `campaigns`.accounts_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.accounts_before_local ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.accounts_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.accounts_next_local ON CLUSTER `winnow-2` SYNC;

CREATE TABLE `campaigns`.accounts_next_local ON CLUSTER `winnow-2`
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', observed_at)
ORDER BY (platform, account_id)
SETTINGS index_granularity = 512;

CREATE TABLE `campaigns`.accounts_next ON CLUSTER `winnow-2` AS `campaigns`.accounts_next_local
ENGINE = Distributed('winnow-2', 'campaigns', 'accounts_next_local', sipHash64(platform, account_id));

INSERT INTO accounts_next
SELECT platform, account_id, handle, name, created_at, followers, following, posts, default_profile, bot, observed_at
FROM accounts;

RENAME TABLE `campaigns`.accounts_local TO `campaigns`.accounts_before_local, `campaigns`.accounts_next_local TO `campaigns`.accounts_local ON CLUSTER `winnow-2`;

CREATE OR REPLACE TABLE `campaigns`.accounts ON CLUSTER `winnow-2` AS `campaigns`.accounts_local
ENGINE = Distributed('winnow-2', 'campaigns', 'accounts_local', sipHash64(platform, account_id));

CREATE OR REPLACE TABLE `campaigns`.accounts_before ON CLUSTER `winnow-2` AS `campaigns`.accounts_before_local
ENGINE = Distributed('winnow-2', 'campaigns', 'accounts_before_local', sipHash64(platform, account_id));

DROP TABLE IF EXISTS `campaigns`.accounts_next ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.accounts_before ON CLUSTER `winnow-2` SYNC;

DROP TABLE IF EXISTS `campaigns`.accounts_before_local ON CLUSTER `winnow-2` SYNC;

