CREATE TABLE o (id int PRIMARY KEY, name varchar(9), gone int);
CREATE VIEW ov AS SELECT id, name FROM o;
CREATE RULE ins AS ON INSERT TO ov DO INSTEAD INSERT INTO o (id, name) VALUES (NEW.id, NEW.name) ON CONFLICT (id) DO UPDATE SET name = excluded.name;
CREATE FUNCTION f(x int) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO o (id) VALUES (x) ON CONFLICT (id) DO UPDATE SET name = excluded.name; END;
CREATE PROCEDURE p(x int) LANGUAGE sql BEGIN ATOMIC INSERT INTO o (id) VALUES (x) ON CONFLICT (id) DO UPDATE SET name = excluded.name; END;
CREATE TABLE q (id int PRIMARY KEY, name text, gone int);
CREATE FUNCTION h(x int) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO q (id) VALUES (x) ON CONFLICT (id) DO UPDATE SET name = excluded.name; END;
