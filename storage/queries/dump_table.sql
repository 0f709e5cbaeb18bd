-- All rows of a table as they lie there, replaced ones too. What the engine computes of
-- other columns is left out, and computed again by whoever takes the rows in.
SELECT * FROM {table:Identifier}
