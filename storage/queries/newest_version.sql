-- The highest version given to any row that the version clock numbers.
SELECT greatest(
    (SELECT max(version) FROM marks),
    (SELECT max(version) FROM findings),
    (SELECT max(version) FROM finding_accounts),
    (SELECT max(version) FROM change_items),
    (SELECT max(version) FROM verdicts),
    (SELECT max(version) FROM verdict_history),
    (SELECT max(version) FROM reach),
    (SELECT max(version) FROM account_buckets),
    (SELECT max(version) FROM audience),
    (SELECT max(version) FROM gaps),
    (SELECT max(version) FROM declared_actions),
    (SELECT max(version) FROM changes)
)
