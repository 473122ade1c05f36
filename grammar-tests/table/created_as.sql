-- refused: CREATE TABLE AS
CREATE TABLE t (a int, b varchar(5));
CREATE TABLE c AS SELECT a, b AS bb, a + 1 AS n, 'x'::text AS k FROM t WITH NO DATA;
CREATE TABLE IF NOT EXISTS c (x, y) AS SELECT a, b FROM t;
CREATE UNLOGGED TABLE d (x, y) WITH (fillfactor = 70) AS SELECT a, b FROM t;
SELECT a, b INTO e FROM t;
