-- Tables with rows that were deleted and are only hidden.
SELECT DISTINCT table FROM system.parts WHERE database = currentDatabase() AND active AND has_lightweight_delete ORDER BY table
