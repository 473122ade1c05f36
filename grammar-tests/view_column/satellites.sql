CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
COMMENT ON COLUMN v.a IS 'a';
GRANT SELECT (id) ON v TO pg_monitor;
