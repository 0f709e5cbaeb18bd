-- The highest version given to any row that the version clock numbers.
SELECT greatest(
    (SELECT max(version) FROM marks),
    (SELECT max(version) FROM findings),
    (SELECT max(version) FROM verdicts),
    (SELECT max(version) FROM reach),
    (SELECT max(version) FROM account_buckets),
    (SELECT max(version) FROM gaps),
    (SELECT max(version) FROM changes)
)
