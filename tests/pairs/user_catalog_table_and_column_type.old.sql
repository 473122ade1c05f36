CREATE TABLE uc (a int);
CREATE TABLE us (a int, b int) WITH (fillfactor = 70, user_catalog_table = true, autovacuum_enabled = false);
CREATE TABLE ug (a int) WITH (user_catalog_table = true);
