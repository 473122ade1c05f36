CREATE TABLE gw (a int, b int);
GRANT SELECT, INSERT, UPDATE ON gw TO pg_monitor WITH GRANT OPTION;
SET ROLE pg_monitor;
GRANT SELECT, INSERT ON gw TO pg_read_all_data;
GRANT UPDATE (a) ON gw TO pg_write_all_data;
RESET ROLE;
