CREATE TABLE uc (a bigint) WITH (user_catalog_table = true);
CREATE TABLE us (a bigint, b text) WITH (fillfactor = 70, user_catalog_table = true, autovacuum_enabled = false);
CREATE TABLE ug (a bigint) WITH (user_catalog_table = false);
