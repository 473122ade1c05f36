CREATE TABLE t (a integer);

CREATE TABLE u (a integer, b text) WITH (toast.autovacuum_enabled = false);
