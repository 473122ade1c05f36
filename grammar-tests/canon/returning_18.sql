-- majors: 18..18
CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE TABLE log (o integer, n integer, what text);
CREATE FUNCTION upd(x integer) RETURNS TABLE (o integer, n integer, b text) LANGUAGE sql BEGIN ATOMIC UPDATE t SET a = x WHERE id = 1 RETURNING old.a, new.a, b; END;
CREATE FUNCTION upd_named(x integer) RETURNS TABLE (o integer, n integer) LANGUAGE sql BEGIN ATOMIC UPDATE t SET a = x RETURNING WITH (OLD AS o, NEW AS n) o.a, n.a; END;
CREATE FUNCTION del() RETURNS TABLE (o integer, n integer, b text) LANGUAGE sql BEGIN ATOMIC DELETE FROM t RETURNING old.id, new.id, old.b; END;
CREATE FUNCTION ins() RETURNS integer LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1, 2, 'x') ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING coalesce(old.a, new.a); END;
CREATE FUNCTION stars() RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC WITH x AS (UPDATE t SET a = 1 RETURNING old.*, new.id AS nid) SELECT x.nid, x.b FROM (SELECT nid, 'b' AS b FROM x) x; END;
CREATE VIEW v AS SELECT id, a FROM t;
CREATE RULE ins AS ON INSERT TO v DO INSTEAD INSERT INTO t (id, a) VALUES (NEW.id, NEW.a) RETURNING t.id, t.a;
