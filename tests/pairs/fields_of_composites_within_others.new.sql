CREATE TYPE addr AS (street text, zip text, city text);
CREATE TYPE person AS (name text, home addr, old addr[], age int);
CREATE TABLE t (id int, p person, CHECK ((p).name <> ''));
CREATE INDEX i ON t (((p).name));
CREATE VIEW v AS SELECT ((p).home).city FROM t;
