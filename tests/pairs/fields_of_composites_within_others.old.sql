CREATE TYPE addr AS (street text, zip varchar(5));
CREATE TYPE person AS (name text, home addr, old addr[]);
CREATE TABLE t (id int, p person, CHECK ((p).name <> ''));
CREATE INDEX i ON t (((p).name));
CREATE VIEW v AS SELECT ((p).home).zip FROM t;
