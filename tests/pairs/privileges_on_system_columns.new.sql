CREATE TABLE t (a int);
GRANT SELECT (xmin, a) ON t TO pg_monitor;
CREATE TABLE u (a int);
GRANT INSERT ON u TO pg_monitor;
GRANT SELECT (xmin) ON u TO pg_monitor;
CREATE TABLE w (a int);
GRANT SELECT (tableoid) ON w TO PUBLIC;
