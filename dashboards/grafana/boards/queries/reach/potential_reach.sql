WITH
    {{people}}
SELECT sum(ifNull(told, 0)) AS "followers", countIf(told IS NOT NULL) / count() AS "accounts whose followers are known"
FROM people
HAVING countIf(told IS NOT NULL) > 0
