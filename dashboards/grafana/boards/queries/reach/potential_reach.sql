WITH
    {{people}}
SELECT toUInt64(followers) AS "followers", told / everybody AS "accounts whose followers are known"
FROM people
WHERE told > 0
