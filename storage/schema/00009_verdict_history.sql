-- +goose NO TRANSACTION
-- +goose Up
-- Everything that people ever said of findings. In verdicts the newest word replaces
-- those before it; here each stays, since a word that was taken back was said too.
CREATE TABLE IF NOT EXISTS verdict_history
(
    campaign    LowCardinality(String),
    finding_id  String,
    verdict     LowCardinality(String) COMMENT 'confirmed, explained, wrong; empty: taken back',
    note        String COMMENT 'why, in the words of who said so',
    author      String COMMENT 'who said so; empty: a desk without users',
    at          DateTime64(3, 'UTC'),
    version     UInt64 COMMENT 'that of the row in verdicts'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (campaign, finding_id, version);

INSERT INTO verdict_history (campaign, finding_id, verdict, note, author, at, version)
SELECT campaign, finding_id, verdict, note, author, at, version FROM verdicts FINAL;

-- +goose Down
DROP TABLE IF EXISTS verdict_history;
