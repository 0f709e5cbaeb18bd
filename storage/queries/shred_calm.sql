-- Takes shred_keen.sql back.
ALTER TABLE {table:Identifier} RESET SETTING old_parts_lifetime, min_rows_to_fsync_after_merge
