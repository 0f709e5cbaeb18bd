-- Parts of tables that the engine found damaged and put aside: what they held is
-- missing in every answer.
SELECT database || '.' || table AS whose, path
FROM system.detached_parts
WHERE startsWith(reason, 'broken')
ORDER BY whose, path
LIMIT 10
