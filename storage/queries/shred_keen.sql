-- Has files that were replaced removed at once, and new ones be on disk before that.
ALTER TABLE {table:Identifier} MODIFY SETTING old_parts_lifetime = 1, min_rows_to_fsync_after_merge = 1
