-- objects alone
CREATE DOMAIN word AS text;
CREATE DOMAIN short AS varchar(10);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN amount AS numeric(10,2);
CREATE DOMAIN day AS date;
CREATE DOMAIN numbers AS integer[];
CREATE TYPE pair AS (f integer, g integer);
CREATE TABLE t (id integer, w word DEFAULT 'a'::word, s short DEFAULT 'b'::short, p positive DEFAULT '5'::positive, d day DEFAULT '2020-1-1'::day, x pair, c text, n numeric);
CREATE TABLE u (id integer, p pair);
CREATE TABLE logged (id integer, p pair, note text);
CREATE VIEW of_domains AS SELECT 'x'::word AS a, 'x'::short AS b, '5'::positive AS c, 5::positive AS d, '2020-1-1'::day AS e, '{1, 2}'::numbers AS f, 'x'::varchar::short AS g, NULL::word AS h, c::word AS i, s::word AS j, 1.5::amount AS k, 'x'::varchar(10)::short AS l FROM t;
CREATE VIEW beside_domains AS SELECT w = 'x'::word AS a, 'y'::word = c AS b, COALESCE(w, 'z'::word) AS c, p = '5'::positive AS d, d > '2020-1-1'::day AS e, id FROM t;
CREATE VIEW arrays AS SELECT ARRAY['a', 'b']::varchar(20)[] AS a, ARRAY[c, 'b'::text]::varchar(20)[] AS b, ARRAY[1.234, n]::numeric(5,2)[] AS c, ARRAY[c]::varchar[] AS d, ARRAY[[1, 2], [3, 4]]::bigint[] AS e, ARRAY[ARRAY['2020-1-1']]::date[] AS f, ARRAY[id, '007']::text[] AS g, ARRAY[id, '007']::numbers AS h, ARRAY['a']::word[] AS i FROM t;
CREATE VIEW rows AS SELECT ROW(u.*) IS NULL AS a, ROW(u.id, (u.p).*) IS NULL AS b, u::text AS c, u.*::text AS d, ROW(u) IS NULL AS e, (u.*) IS NULL AS f, u AS g, u.* = ROW(1, ROW(2, 3)::pair) AS h FROM u;
CREATE VIEW listed AS SELECT q.column1, q.column2 FROM u, LATERAL (VALUES (u.*), (1, NULL)) q;
CREATE RULE log AS ON INSERT TO u DO ALSO INSERT INTO logged VALUES (NEW.*, 'x');
CREATE RULE undo AS ON DELETE TO u DO ALSO INSERT INTO logged (id, p) VALUES (OLD.*), (1, OLD.p);
