CREATE FUNCTION ok(y bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE TABLE t (a int CHECK (ok(a)), b int GENERATED ALWAYS AS (ok(a)::int) STORED, c bigint);
CREATE INDEX i ON t (ok(a));
CREATE STATISTICS s (mcv) ON (c % 10), (c + 1) FROM t;
