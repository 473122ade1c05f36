-- What a view needs beside what it names: keys that it groups by, the functions that types choose, the types of its columns.
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (id integer PRIMARY KEY, name text, m mood);
CREATE TABLE u (t_id integer REFERENCES t, n integer);
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE VIEW grouped AS SELECT t.id, t.name, count(u.n) FROM t JOIN u ON u.t_id = t.id GROUP BY t.id;
CREATE VIEW all_grouped AS SELECT t.id, t.name, sum(t.id) FROM t GROUP BY t.id, t.name;
CREATE VIEW aggregated AS SELECT t.id, max(t.name) FROM t GROUP BY 1;
CREATE VIEW chosen AS SELECT f(id) AS a, f(name) AS b FROM t;
CREATE VIEW one_chosen AS SELECT f(n) FROM u;
CREATE VIEW typed AS SELECT m FROM t;
CREATE VIEW over AS SELECT * FROM typed;
