CREATE TABLE t (id integer, c1 text);

CREATE VIEW v AS SELECT id, c1 FROM t;

GRANT SELECT (id), UPDATE (id) ON t TO "Prop Writer" WITH GRANT OPTION;

GRANT SELECT (c1) ON v TO prop_reader;

GRANT SELECT ON TABLE t TO prop_reader;
