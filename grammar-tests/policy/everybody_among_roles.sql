-- Whom PUBLIC is among the roles, they are not kept beside it.
CREATE TABLE t (a int);
CREATE POLICY p ON t TO pg_monitor, PUBLIC;
CREATE POLICY q ON t TO pg_monitor, pg_monitor;
CREATE POLICY r ON t TO pg_monitor;
ALTER POLICY r ON t TO PUBLIC, pg_monitor;
