CREATE SCHEMA s;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER srv FOREIGN DATA WRAPPER w;
CREATE SERVER srv2 FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (user 'a', password 'kept');
CREATE USER MAPPING FOR pg_monitor SERVER srv2;
CREATE FOREIGN TABLE s.t (
    id int OPTIONS (column_name 'ID') NOT NULL,
    name varchar(10) OPTIONS (a 'x', b 'y') COLLATE "C" DEFAULT 'n',
    gone int,
    CONSTRAINT positive CHECK (id > 0)
) SERVER srv OPTIONS (table_name 'T', schema_name 's');
COMMENT ON FOREIGN TABLE s.t IS 'before';
CREATE VIEW s.v AS SELECT id, name FROM s.t;
CREATE FOREIGN TABLE s.moves (id int) SERVER srv;
CREATE TABLE s.becomes (id int);
CREATE TABLE s.events (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE INDEX ON s.events (id);
CREATE FOREIGN TABLE s.events_old PARTITION OF s.events FOR VALUES FROM ('2020-01-01') TO ('2025-01-01') SERVER srv OPTIONS (a 'b');
CREATE TABLE s.parent (id int NOT NULL);
