-- Everything of a kind that is in one tablespace; a server of its own has these two alone, and pg_global takes no tables.
CREATE TABLE moved (i int PRIMARY KEY, j int);
CREATE INDEX moved_j ON moved (j);
CREATE MATERIALIZED VIEW moved_view AS SELECT i FROM moved;
ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE pg_default;
ALTER INDEX ALL IN TABLESPACE pg_default SET TABLESPACE pg_default NOWAIT;
ALTER MATERIALIZED VIEW ALL IN TABLESPACE pg_default SET TABLESPACE pg_default;
