CREATE EXTENSION citext;
CREATE TABLE t (a citext, b citext, c text, d integer);
CREATE VIEW listed AS SELECT a IN ('x', 'z') AS listed FROM t;
CREATE VIEW rows AS SELECT (a, d) = ('x', 1) AS same, (a, d) IN (('x', 1), ('y', 2)) AS one, (a, d) IS DISTINCT FROM ('x', 1) AS other FROM t;
ALTER TABLE t ADD CONSTRAINT k CHECK ((a, d) <> ('x', 1));
CREATE VIEW kept AS SELECT (a, d) = ('x', 1) AS same, (a, b) < (c, 'x') AS less FROM t;
