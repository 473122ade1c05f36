CREATE TABLE t (a int);
GRANT SELECT (ctid, a) ON t TO pg_monitor;
CREATE TABLE u (a int);
GRANT SELECT, INSERT ON u TO pg_monitor;
GRANT SELECT (xmin) ON u TO pg_monitor;
CREATE TABLE w (a int);
