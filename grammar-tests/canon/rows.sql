-- objects alone
CREATE SCHEMA s;
CREATE TYPE s.pair AS (x integer, y text);
CREATE TYPE s.nest AS (p s.pair, n numeric(5,2), at timestamp);
CREATE TABLE t (
    id integer,
    a s.pair DEFAULT ROW(1, 'x'),
    b s.pair DEFAULT (1, 'x'),
    c s.pair DEFAULT ROW(1, 'x')::s.pair,
    d s.pair DEFAULT '(1,x)',
    e s.pair DEFAULT '(1,x)'::s.pair,
    f s.nest DEFAULT ROW(ROW(1, 'x'), 1.5, '2020-01-01'),
    g s.nest DEFAULT ROW(ROW(1, NULL)::s.pair, 2, NULL),
    h s.pair[] DEFAULT ARRAY[ROW(1, 'x'), ROW(2, 'y')]::s.pair[],
    i s.pair[] DEFAULT '{"(1,x)"}',
    j integer[] DEFAULT '{1, 2,3}',
    k integer[] DEFAULT ARRAY[1,2,3],
    l integer[] DEFAULT ARRAY[]::integer[],
    m text[] DEFAULT '{}',
    n text[] DEFAULT ARRAY['a', 'b c', NULL],
    o text[] DEFAULT '{a,"b c",NULL,"null"}'::text[],
    p numeric(5,2)[] DEFAULT '{1.5,2}',
    q integer[][] DEFAULT '{{1,2},{3,4}}',
    r integer[][] DEFAULT ARRAY[[1,2],[3,4]],
    u boolean[] DEFAULT '{true,f}',
    v varchar(5)[] DEFAULT ARRAY['a']::varchar[],
    w date[] DEFAULT '{2020-01-01}',
    x s.pair DEFAULT NULL,
    z bigint[] DEFAULT array_fill(0, ARRAY[3])
);
CREATE VIEW fields AS SELECT (a).x AS ax, (t.a).y AS why, (f).p.x AS deep, ((f).p).y AS deeper, (b).*, (ROW(1, 'x')::s.pair).x AS made, ((1, 'y')::s.pair).y AS short FROM t;
CREATE VIEW compared AS SELECT (id, id) = (1, 2) AS eq, (id, 'x') < (2, 'y') AS lt, ROW(id, 1) <> ROW(2, id) AS ne, (id, 1) IN ((1, 2), (3, 4)) AS listed, (id, 1) IN (SELECT id, id FROM t) AS queried,
    a = ROW(1, 'x')::s.pair AS typed, ROW(id, 'x') IS NULL AS nul, (id, 1) IS DISTINCT FROM (2, 1) AS dist, a IS NOT DISTINCT FROM b AS same,
    (id, 1) = ANY (SELECT id, id FROM t) AS some, (id, 1) >= (SELECT id, id FROM t LIMIT 1) AS one, ROW(a, b) = ROW(b, a) AS nested, ROW() IS NULL AS nothing, (id, 1) NOT IN ((1, 2)) AS not_listed,
    t AS whole_row FROM t;
CREATE VIEW arrays AS SELECT j[1] AS one, j[1:2] AS some, j[:2] AS head, j[2:] AS tail, j[:] AS everything, q[1][2] AS deep, q[1:2][1] AS slice, (ARRAY[1,2,3])[2] AS made, ('{1,2}'::int[])[1] AS literal, ARRAY[id, 2.5] AS mixed,
    ARRAY[j, k] AS nested, ARRAY[[id, 1], [2, 3]] AS matrix, j || 4 AS appended, 4 || j AS prepended, j || k AS joined, j || '{5}' AS lit, ARRAY(SELECT id FROM t ORDER BY id) AS queried, (h[1]).x AS field, (ARRAY(SELECT a FROM t))[1] AS first,
    1 = ANY (j) AS any_one, 1 <> ALL (j) AS none, id = SOME ('{1,2}') AS some_one, id = ANY (ARRAY[1, 2]::bigint[]) AS wide, n @> '{a}' AS has, n && ARRAY['x'] AS overlaps, n = '{}' AS empty, n <> ARRAY[]::text[] AS not_empty,
    array_append(n, 'x') AS app, array_position(n, 'x') AS pos, unnest(j) AS un, string_to_array('a,b', ',') AS split FROM t;
ALTER TABLE t ADD CONSTRAINT rows CHECK ((id, 1) <> (2, 3) AND (a).x > 0 AND a <> ROW(1, 'z')::s.pair AND j[1] > 0 AND ROW(id, j) IS NOT NULL);
CREATE INDEX parts ON t (((a).x), (j[1]), ((f).p));
CREATE FUNCTION s.f(p s.pair DEFAULT ROW(1, 'q'), q integer[] DEFAULT '{1,2}', r text[] DEFAULT ARRAY['x']) RETURNS integer LANGUAGE sql AS 'SELECT 1';
