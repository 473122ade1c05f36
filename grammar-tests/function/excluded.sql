-- The columns of `excluded` are all needed, used or not.
CREATE TABLE o (id integer PRIMARY KEY, name text, other integer);
CREATE FUNCTION f(x integer) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO o (id) VALUES (x) ON CONFLICT (id) DO UPDATE SET name = excluded.name; END;
CREATE FUNCTION g(x integer) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO o (id) VALUES (x) ON CONFLICT (id) DO NOTHING; END;
CREATE VIEW v AS SELECT id FROM o;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO o (id) VALUES (new.id) ON CONFLICT (id) DO UPDATE SET name = 'x';
