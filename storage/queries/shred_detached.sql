-- Removes files that the engine had put aside.
ALTER TABLE {table:Identifier} DROP DETACHED PARTITION ID 'all' SETTINGS allow_drop_detached = 1
