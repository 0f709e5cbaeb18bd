-- Has what was deleted in passing, and only hidden so far, written out of the files.
ALTER TABLE {table:Identifier} APPLY DELETED MASK SETTINGS mutations_sync = 2
