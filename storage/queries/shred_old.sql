-- Removes files that were replaced. There is no such partition: dropping one is what
-- makes the engine look for them now.
ALTER TABLE {table:Identifier} DROP PARTITION ID 'none'
