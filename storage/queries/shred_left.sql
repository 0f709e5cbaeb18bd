-- Tables with files that were replaced and are still there.
SELECT DISTINCT table FROM system.parts WHERE database = currentDatabase() AND NOT active ORDER BY table
