WITH
    {{people}}
SELECT toUInt64(everybody) AS "accounts", toUInt64(coordinated) AS "of these coordinated"
FROM people
WHERE everybody > 0
