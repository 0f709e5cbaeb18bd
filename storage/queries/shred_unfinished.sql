-- Statements that write files anew and have not ended, and why one of them cannot.
SELECT count(), max(latest_fail_reason) FROM system.mutations WHERE database = currentDatabase() AND NOT is_done AND NOT is_killed
