CREATE EXTENSION citext;
CREATE TABLE t (a citext, b citext, c text, d integer);
CREATE VIEW listed AS SELECT a IN ('x', 'y') AS listed, a NOT IN ('x', 'y') AS unlisted, a IN ('x', 'y', b) AS more, a IN ('x'::text, 'y') AS said FROM t;
CREATE VIEW rows AS SELECT (a, d) = ('x'::text, 1) AS same, (a, d) IN (('x'::text, 1), ('y', 2)) AS one, (a, d) IS DISTINCT FROM ('x'::text, 1) AS other FROM t;
ALTER TABLE t ADD CONSTRAINT k CHECK ((a, d) <> ('x'::text, 1)), ADD CONSTRAINT l CHECK (a IN ('x', 'y'));
CREATE VIEW kept AS SELECT (a, d) = ('x', 1) AS same, (a, b) < (c, 'x') AS less FROM t;
