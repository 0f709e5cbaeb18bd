WITH
    {{people}}
SELECT toUInt64(sum(told - (told > 0))) AS "followers", countIf(told > 0) / count() AS "accounts whose followers are known"
FROM people
HAVING countIf(told > 0) > 0
