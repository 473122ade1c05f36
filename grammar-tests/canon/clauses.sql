CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id integer PRIMARY KEY, a integer, b varchar(10), c text, d date, n numeric, m mood, at timestamptz);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t, x text, n numeric);
CREATE FUNCTION pairs(n integer) RETURNS TABLE (k integer, v text) LANGUAGE sql AS 'SELECT n, ''a''';
CREATE VIEW sets AS SELECT a, b, count(*), grouping(a, b) AS g FROM t GROUP BY GROUPING SETS ((a, b), (a), ());
CREATE VIEW rollups AS SELECT a, b, sum(n) FROM t GROUP BY ROLLUP (a, b) HAVING sum(n) > 1 ORDER BY 1, 2;
CREATE VIEW cubes AS SELECT a, b, c, sum(n) FROM t GROUP BY CUBE (a, (b, c));
CREATE VIEW mixed_sets AS SELECT a, b, c, max(d) FROM t GROUP BY a, ROLLUP (b), GROUPING SETS (CUBE (c), ());
CREATE VIEW one_set AS SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((a));
CREATE VIEW sets_of_sets AS SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS (ROLLUP (a), GROUPING SETS ((a, b), (b)));
CREATE VIEW of_all AS SELECT count(*) FROM t GROUP BY (), ();
CREATE VIEW distinct_groups AS SELECT a, b, count(*) FROM t GROUP BY DISTINCT ROLLUP (a, b), ROLLUP (a);
CREATE VIEW all_groups AS SELECT a, count(*) FROM t GROUP BY ALL ROLLUP (a);
CREATE VIEW expressions AS SELECT date_trunc('month', at) AS month, lower(c) AS low, count(DISTINCT b) AS bs FROM t GROUP BY month, 2;
CREATE VIEW key_groups AS SELECT t.id, t.b, t.c, count(u.id) FROM t LEFT JOIN u ON u.t_id = t.id GROUP BY t.id;
CREATE VIEW frames AS SELECT
    row_number() OVER () AS r, sum(a) OVER (PARTITION BY b ORDER BY d) AS s, sum(a) OVER (ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS rows,
    sum(a) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING) AS short, sum(a) OVER (ORDER BY d RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS by_default,
    sum(a) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) AS ranged, sum(a) OVER (ORDER BY d RANGE BETWEEN '1 day' PRECEDING AND interval '2 days' FOLLOWING) AS days,
    sum(a) OVER (ORDER BY n GROUPS 2 PRECEDING EXCLUDE CURRENT ROW) AS groups, sum(a) OVER (ORDER BY n ROWS 3 PRECEDING EXCLUDE TIES) AS ties, sum(a) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE NO OTHERS) AS others,
    sum(a) OVER (ORDER BY n ROWS BETWEEN 1 + 1 PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS computed, lag(b, 1, 'none') OVER w AS lagged, first_value(c) OVER (w ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS first, nth_value(c, 2) OVER (w2) AS nth,
    ntile(4) OVER (w2 ORDER BY a DESC NULLS LAST) AS tile, count(*) FILTER (WHERE a > 1) OVER w AS filtered, rank() OVER (PARTITION BY a, lower(b) ORDER BY d DESC, n ASC NULLS FIRST) AS ranked, string_agg(b, ',') OVER w AS joined, percent_rank() OVER w AS pr
FROM t WINDOW w AS (PARTITION BY a ORDER BY d), w2 AS (PARTITION BY b), w3 AS (w2 ORDER BY c);
CREATE VIEW range_numeric AS SELECT sum(a) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND 2.5 FOLLOWING) AS s, sum(a) OVER (ORDER BY at RANGE BETWEEN '1 hour' PRECEDING AND CURRENT ROW) AS h FROM t;
CREATE VIEW distinct_on AS SELECT DISTINCT ON (a, lower(b)) a, b, c FROM t ORDER BY a, lower(b), c DESC;
CREATE VIEW distinct_on_label AS SELECT DISTINCT ON (k) a + 1 AS k, b FROM t ORDER BY k, b;
CREATE VIEW distinct_on_place AS SELECT DISTINCT ON (1) a, b FROM t ORDER BY 1, 2;
CREATE VIEW ties AS SELECT a, b FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES;
CREATE VIEW ties_one AS SELECT a, b FROM t ORDER BY a OFFSET 1 ROW FETCH NEXT ROW WITH TIES;
CREATE VIEW fetched AS SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY;
CREATE VIEW fetched_one AS SELECT a FROM t FETCH FIRST ROW ONLY;
CREATE VIEW fetched_sum AS SELECT a FROM t ORDER BY 1 FETCH FIRST (1 + 2) ROWS ONLY;
CREATE VIEW limited AS SELECT a FROM t LIMIT 5 OFFSET 2;
CREATE VIEW limited_text AS SELECT a FROM t LIMIT '5' OFFSET (SELECT 1);
CREATE VIEW limited_all AS SELECT a FROM t LIMIT ALL OFFSET 0;
CREATE VIEW limited_null AS SELECT a FROM t LIMIT NULL;
CREATE VIEW locked AS SELECT t.a, u.x FROM t JOIN u ON u.t_id = t.id FOR UPDATE OF t NOWAIT;
CREATE VIEW shared AS SELECT a FROM t FOR SHARE;
CREATE VIEW key_share AS SELECT q.a FROM t q FOR KEY SHARE OF q SKIP LOCKED;
CREATE VIEW no_key AS SELECT t.a FROM t, u FOR NO KEY UPDATE OF t FOR SHARE OF u SKIP LOCKED;
CREATE VIEW sampled AS SELECT a FROM t TABLESAMPLE SYSTEM (10.5) REPEATABLE (3);
CREATE VIEW sampled_alias AS SELECT x.a FROM t AS x TABLESAMPLE bernoulli (50) WHERE x.a > 1;
CREATE VIEW only_one AS SELECT a FROM ONLY t;
CREATE VIEW star_one AS SELECT a FROM t *;
CREATE VIEW laterals AS SELECT t.a, l.x FROM t, LATERAL (SELECT x FROM u WHERE u.t_id = t.id ORDER BY x LIMIT 1) l;
CREATE VIEW lateral_functions AS SELECT t.id, p.k, s FROM t, LATERAL pairs(t.a) p, LATERAL generate_series(1, t.a) s;
CREATE VIEW left_lateral AS SELECT t.id, p.* FROM t LEFT JOIN LATERAL pairs(t.id) AS p(kk, vv) ON TRUE;
CREATE VIEW rows_from AS SELECT r.* FROM ROWS FROM (generate_series(1, 3), pairs(1), unnest(ARRAY['a', 'b'])) WITH ORDINALITY AS r(a, b, c, d, o);
CREATE VIEW rows_from_plain AS SELECT * FROM ROWS FROM (generate_series(1, 2), jsonb_to_recordset('[{"a": 1}]') AS (a integer, b text)) x;
CREATE VIEW unnests AS SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) WITH ORDINALITY AS u(n, t, o);
CREATE VIEW unnest_one AS SELECT e, o FROM unnest('{a,b}'::text[]) WITH ORDINALITY x(e, o);
CREATE VIEW series AS SELECT g FROM generate_series(1, 10, 2) g UNION ALL SELECT g.g::int FROM generate_series('2020-01-01'::timestamp, '2020-02-01', '1 day') WITH ORDINALITY AS g(x, g);
CREATE VIEW dates AS SELECT day::date FROM generate_series('2020-01-01'::date, current_date, '1 day'::interval) AS day;
CREATE VIEW subscripts AS SELECT i, generate_subscripts(ARRAY[1, 2], 1) AS s FROM generate_subscripts('{1,2}'::int[], 1) AS i;
CREATE VIEW regexps AS SELECT mm[1] AS first, w FROM t, regexp_matches(t.c, 'a(.)', 'g') AS mm, regexp_split_to_table(t.c, '\s+') w, string_to_table(c, ',') st;
CREATE VIEW keys AS SELECT k, e.value FROM jsonb_object_keys('{"a": 1}') k, json_each('{"b": 2}') AS e WHERE e.key = 'b';
CREATE VIEW scalar_sources AS SELECT * FROM current_date d, now() n, lower('X') l, current_user WHERE l = 'x';
CREATE VIEW vals AS VALUES (1, 'a', NULL), (2.5, 'b', '2020-01-01'::date);
CREATE VIEW vals_sorted AS VALUES (2, 'b'), (1, 'a') ORDER BY 1 DESC LIMIT 1;
CREATE VIEW vals_from AS SELECT column1 AS one, v.column2 FROM (VALUES (1, 'x'), (2, NULL)) v;
CREATE VIEW vals_named AS SELECT * FROM (VALUES (1, now()), (2, '2020-01-01')) AS v (n, at) WHERE n IN (VALUES (1), (2));
CREATE VIEW vals_join AS SELECT t.b, l.name FROM t JOIN (VALUES ('sad'::mood, 'Sad'), ('ok', 'Ok')) AS l(m, name) USING (m);
CREATE VIEW tabled AS TABLE t;
CREATE VIEW tabled_more AS (TABLE u) UNION (SELECT * FROM u) ORDER BY id;
CREATE VIEW named_columns (one, two) AS SELECT a, b FROM t;
CREATE VIEW some_named (one) AS SELECT a, b, c AS see FROM t;
CREATE RECURSIVE VIEW counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 100;
CREATE VIEW recursion AS WITH RECURSIVE r(n, path) AS (SELECT id, ARRAY[id] FROM t WHERE a IS NULL UNION ALL SELECT t.id, r.path || t.id FROM t JOIN r ON t.a = r.n WHERE NOT t.id = ANY (r.path)), c AS (SELECT count(*) AS n FROM r) SELECT r.n, path, c.n AS total FROM r, c;
CREATE VIEW materialized AS WITH x AS MATERIALIZED (SELECT a FROM t), y AS NOT MATERIALIZED (SELECT a FROM x), z AS (SELECT 1 AS one) SELECT x.a, y.a AS ya, one FROM x, y, z;
CREATE VIEW nested_with AS WITH x AS (WITH y AS (SELECT id FROM t) SELECT * FROM y) SELECT (WITH z AS (SELECT id FROM x) SELECT max(id) FROM z) AS m, x.id FROM x WHERE id IN (WITH q AS (SELECT 1) SELECT * FROM q);
CREATE VIEW shadowing AS WITH t AS (SELECT 1 AS id) SELECT t.id FROM t, public.t AS other WHERE other.id = t.id;
CREATE VIEW unions AS SELECT a, b FROM t UNION SELECT id, x FROM u UNION ALL (SELECT 1, 'x' INTERSECT SELECT 2, 'y') ORDER BY b NULLS FIRST, a DESC LIMIT 3;
CREATE VIEW union_nested AS (SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT id FROM u ORDER BY id DESC LIMIT 1);
CREATE VIEW excepts AS SELECT a FROM t EXCEPT ALL (SELECT id FROM u UNION SELECT 3) INTERSECT ALL SELECT 1;
CREATE VIEW union_types AS SELECT 1 AS n, 'a' AS t, NULL AS x, 1.5 AS z UNION ALL SELECT 2.5, b, 3, a FROM t UNION ALL SELECT a, c, NULL, 2 FROM t;
CREATE VIEW union_distinct AS SELECT DISTINCT a FROM t UNION DISTINCT SELECT n FROM u;
CREATE VIEW joins AS SELECT t.id, u.x FROM t NATURAL LEFT JOIN u FULL OUTER JOIN t t2 ON t2.id = u.t_id CROSS JOIN (SELECT a AS z FROM t) u2 RIGHT OUTER JOIN (SELECT a AS z FROM t) t3 USING (z);
CREATE VIEW using_alias AS SELECT j.id, t.b, x FROM t JOIN u USING (id, n) AS j;
CREATE VIEW joined_alias AS SELECT j.* FROM (t JOIN u ON u.t_id = t.id) AS j (i1, aa, bb, cc, dd, nn, mm, at1, i2);
CREATE VIEW joined_nested AS SELECT t.id FROM t LEFT JOIN (u JOIN t t2 ON t2.id = u.t_id) ON u.id = t.a AND t2.b = 'x' WHERE t2.id IS NULL;
CREATE VIEW self_schema AS SELECT public.t.a, public.u.x FROM public.t, public.u WHERE public.t.id = u.t_id;
CREATE VIEW comma AS SELECT t.*, u.x FROM t, u WHERE t.id = u.t_id AND t.n > u.n;
CREATE VIEW sub_names AS SELECT s.*, (s).b AS again FROM (SELECT a, b FROM t) s;
CREATE VIEW sub_columns AS SELECT one FROM (SELECT a, b FROM t) AS s (one, two) WHERE two = 'x';
CREATE VIEW places AS SELECT (SELECT max(n) FROM u) AS m, CASE WHEN EXISTS (SELECT FROM u WHERE u.t_id = t.id) THEN 1 ELSE 0 END AS has, ARRAY(SELECT x FROM u WHERE t_id = t.id ORDER BY x) AS xs, coalesce((SELECT x FROM u LIMIT 1), 'none') AS first,
    a = ANY (SELECT id FROM u) AS some, a > ALL (SELECT id FROM u) AS every, b NOT IN (SELECT x FROM u) AS not_in, (SELECT (SELECT count(*) FROM u WHERE u.id > t.id)) AS deep, b IN (SELECT 'x') AS literal, n = (SELECT 1) AS one, b || (SELECT 'x') AS joined
FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND u.x = t.b) AND (SELECT true) ORDER BY (SELECT max(x) FROM u WHERE u.t_id = t.id);
CREATE VIEW ordered AS SELECT a AS b, b AS a FROM t ORDER BY a, t.a + 1, lower(t.b), b USING <, c COLLATE "C" DESC;
CREATE VIEW ordered_operators AS SELECT id FROM t ORDER BY a USING >, b USING < NULLS FIRST, n USING >;
CREATE VIEW aggregates AS SELECT count(*) AS c, count(ALL a) AS ca, count(DISTINCT (a, b)) AS cd, array_agg(a ORDER BY b DESC NULLS LAST, c) AS aa, string_agg(DISTINCT b, ',' ORDER BY b) AS sa, percentile_disc(0.5) WITHIN GROUP (ORDER BY n DESC) AS pd, percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY n) AS pc,
    mode() WITHIN GROUP (ORDER BY b) AS mo, rank(5) WITHIN GROUP (ORDER BY a) AS ra, rank(1, 'x') WITHIN GROUP (ORDER BY a, b) AS ra2, sum(n) FILTER (WHERE b = 'x' AND a > 1) AS sf, bool_and(a > 1) AS ba, every(a > 1) AS ev, json_agg(t ORDER BY id) AS ja, jsonb_object_agg(b, n) AS jo, max(m) AS mm, avg(a) AS av, stddev(n) AS sd, corr(a, n) AS co FROM t;
CREATE MATERIALIZED VIEW mat AS SELECT DISTINCT b, count(*) OVER (PARTITION BY b) AS n FROM t WITH NO DATA;
CREATE UNIQUE INDEX mat_key ON mat (b, lower(b) DESC NULLS LAST) WHERE n > 1;
CREATE VIEW checked AS SELECT * FROM t WHERE a > 1 WITH LOCAL CHECK OPTION;
