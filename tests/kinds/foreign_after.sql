CREATE SCHEMA s;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER srv FOREIGN DATA WRAPPER w;
CREATE SERVER srv2 FOREIGN DATA WRAPPER w OPTIONS (host 'h');
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (user 'b', other 'o');
CREATE USER MAPPING FOR pg_read_all_data SERVER srv2 OPTIONS (user 'c');
CREATE FOREIGN TABLE s.t (
    id bigint OPTIONS (column_name 'Id', more 'm') NOT NULL,
    name varchar(10) OPTIONS (b 'z') COLLATE "C",
    added int OPTIONS (a 'b') DEFAULT 5 NOT NULL,
    CONSTRAINT positive CHECK (id > 1)
) SERVER srv OPTIONS (table_name 'U', fetch_size '10');
COMMENT ON FOREIGN TABLE s.t IS 'after';
CREATE VIEW s.v AS SELECT id, name FROM s.t;
GRANT SELECT ON s.t TO PUBLIC;
CREATE FOREIGN TABLE s.moves (id int) SERVER srv2;
CREATE FOREIGN TABLE s.becomes (id int) SERVER srv2;
CREATE TABLE s.events (id int NOT NULL, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE INDEX ON s.events (id);
CREATE FOREIGN TABLE s.events_old PARTITION OF s.events FOR VALUES FROM ('2021-01-01') TO ('2025-01-01') SERVER srv OPTIONS (a 'c');
CREATE FOREIGN TABLE s.events_first PARTITION OF s.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') SERVER srv;
CREATE TABLE s.parent (id int NOT NULL);
CREATE FOREIGN TABLE s.child (more int) INHERITS (s.parent) SERVER srv;
