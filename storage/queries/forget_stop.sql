-- Gives up what is left of an erasure that was cut off: without the table that it names
-- it could never end, and all that is erased later would wait for it.
KILL MUTATION WHERE database = currentDatabase() AND NOT is_done AND position(command, 'forgotten') > 0 SYNC
