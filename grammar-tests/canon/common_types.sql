-- objects alone
CREATE TABLE t (id bigint, i integer, n numeric, v varchar(10), c text, d date, at timestamp, j jsonb, r real);
CREATE TABLE u (id integer, v varchar(20), n numeric);
CREATE VIEW literal_first AS SELECT '1' AS a UNION ALL SELECT 2;
CREATE VIEW literal_last AS SELECT 1 AS a UNION ALL SELECT '2';
CREATE VIEW literal_of_numeric AS SELECT '1' AS a UNION ALL SELECT 2.5;
CREATE VIEW all_of_bigint AS SELECT 1::bigint AS a UNION ALL SELECT 2::bigint UNION ALL SELECT 3;
CREATE VIEW days AS SELECT '2020-1-1' AS a UNION SELECT at::date FROM t;
CREATE VIEW moments AS SELECT '2020-1-1' AS a UNION SELECT at FROM t UNION SELECT d FROM t;
CREATE VIEW texts AS SELECT v AS a FROM t UNION SELECT c FROM t UNION SELECT 'x' UNION SELECT 'y'::text;
CREATE VIEW nested AS SELECT '1' AS a UNION ALL (SELECT '3' UNION ALL SELECT 2);
CREATE VIEW objects AS SELECT '{"b": 1,  "a": 2}' AS a UNION ALL SELECT j FROM t;
CREATE VIEW both_kinds AS (SELECT '1' AS a FROM t INTERSECT SELECT id FROM t) EXCEPT SELECT '7';
CREATE VIEW nothing AS SELECT NULL AS a UNION ALL SELECT NULL;
CREATE VIEW numbers AS SELECT i AS a, r AS b, 1 AS c FROM t UNION ALL SELECT id, n, '5' FROM t;
CREATE VIEW rows AS VALUES ('1', '2020-1-1'), (2, date '2020-02-02');
CREATE VIEW rows_of_numeric AS SELECT x / 2 AS half, (x / 2)::integer AS whole FROM (VALUES ('1'), (2.5)) AS w(x);
CREATE VIEW union_of_numeric AS SELECT x / 2 AS half, (x / 2)::integer AS whole, x = '3' AS three FROM (SELECT '1' AS x UNION SELECT 2.5) AS w;
CREATE VIEW texts_beside AS SELECT q.x, q.x = 'b' AS is_b, q.x || 'c' AS more FROM (SELECT 'a' AS x) q;
CREATE VIEW others AS SELECT COALESCE('1', i) AS a, CASE WHEN i > 1 THEN '3' ELSE 4.5 END AS b, ARRAY['1', i] AS c, GREATEST('2020-01-01', at, d) AS e FROM t;
CREATE VIEW used_inner AS SELECT id, id = 5 AS five FROM u JOIN t USING (id);
CREATE VIEW used_left AS SELECT id, v, id = 5 AS five, v = 'x' AS x FROM u LEFT JOIN t USING (id, v);
CREATE VIEW used_right AS SELECT id, n FROM u RIGHT JOIN t USING (id, n);
CREATE VIEW used_full AS SELECT id, id = 5 AS five FROM u FULL JOIN t USING (id);
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC
    INSERT INTO t (c, v) VALUES ('2020-01-01', 'a'), (now(), 5), (NULL, 'b');
    INSERT INTO t (n, d) VALUES ('1', '2020-1-1'), (2, now());
    INSERT INTO t (n, d) SELECT '1', '2020-1-1' UNION SELECT 2, NULL::date;
END;
