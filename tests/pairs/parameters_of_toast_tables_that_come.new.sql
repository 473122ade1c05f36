CREATE TABLE t (a integer, b text) WITH (fillfactor = 70, toast.autovacuum_enabled = false);

CREATE TABLE u (a integer);
