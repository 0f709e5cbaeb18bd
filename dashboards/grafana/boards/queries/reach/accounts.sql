WITH
    {{people}}
SELECT count() AS "accounts", countIf(is_coordinated) AS "of these coordinated"
FROM people
HAVING count() > 0
