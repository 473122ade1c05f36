SELECT * FROM users

SELECT id, name FROM users u WHERE u.active

SELECT u.*, i.title AS item FROM users AS u INNER JOIN items i ON i.user_id = u.id

SELECT name, count(*) FROM users JOIN items ON users.id = user_id GROUP BY name HAVING count(*) > 1 ORDER BY count(*) DESC, name ASC

SELECT name AS n, count(*) AS c FROM users GROUP BY n ORDER BY c DESC NULLS LAST, 1

SELECT date_trunc('month', created_at) AS month, sum(price), avg(quantity), max(label), min(seen) FROM users, items WHERE users.id = items.user_id GROUP BY 1 ORDER BY 1

SELECT DISTINCT ON (user_id) user_id, title FROM items ORDER BY user_id, seen DESC NULLS FIRST

SELECT DISTINCT state FROM users

SELECT 'a' AS x, NULL AS y, 1 AS z, 'b'::varchar AS v, '2020-01-01'::date AS d, true AS t, 1.5 AS n, -1 AS m, '1'::bigint AS b, 2::bigint AS b2

SELECT (SELECT max(price) FROM items WHERE user_id = users.id) AS top, EXISTS (SELECT 1 FROM items i WHERE i.user_id = users.id) AS has, ARRAY(SELECT title FROM items ORDER BY id) AS titles FROM users

SELECT name FROM users WHERE id IN (SELECT user_id FROM items WHERE label = 'x') AND id NOT IN (SELECT user_id FROM items) AND id = ANY (SELECT user_id FROM items)

SELECT name FROM users WHERE name IN (SELECT title FROM items)

SELECT id FROM users WHERE EXISTS (SELECT FROM users WHERE active)

SELECT a.id FROM parts a JOIN parts b ON a.id = b.item_id LEFT JOIN parts c ON c.id = b.id RIGHT JOIN items i ON i.id = a.id

SELECT * FROM items JOIN parts USING (id)

SELECT * FROM items NATURAL JOIN parts

SELECT id, title FROM items FULL JOIN parts USING (id) WHERE id > 1

SELECT * FROM (SELECT id, name AS n FROM users) s WHERE n <> 'x'

SELECT s.a, b FROM (SELECT id, name FROM users) AS s(a, b)

SELECT v.x, y FROM (VALUES (1, 'a'), (2, 'b')) AS v(x, y)

VALUES (1, 'a'), (2, 'b')

WITH w AS (SELECT id, name FROM users), q AS (SELECT * FROM w WHERE name LIKE 'a%') SELECT q.id, w.name FROM q JOIN w USING (id)

WITH RECURSIVE tree AS (SELECT id, item_id, 1 AS depth FROM parts WHERE item_id IS NULL UNION ALL SELECT p.id, p.item_id, t.depth + 1 FROM parts p JOIN tree t ON p.item_id = t.id) SELECT * FROM tree ORDER BY depth

WITH RECURSIVE n(x) AS (VALUES (1) UNION SELECT x + 1 FROM n WHERE x < 10) SELECT x FROM n

SELECT id, 'user' AS kind FROM users UNION ALL SELECT id, 'item' FROM items ORDER BY kind, 1

SELECT name FROM users UNION SELECT 'none' UNION SELECT title FROM items EXCEPT SELECT label FROM items LIMIT 5 OFFSET 2

SELECT id, NULL AS note FROM users UNION SELECT id, title FROM items

SELECT x, e.value FROM users, unnest(tags) x, jsonb_array_elements(extra) e

SELECT k.key, k.value FROM users CROSS JOIN LATERAL jsonb_each_text(extra) AS k WHERE k.key = 'a'

SELECT t.v, t.ord FROM users, unnest(tags) WITH ORDINALITY AS t(v, ord)

SELECT n, g.n + 1 AS m FROM generate_series(1, 10) AS g(n)

SELECT generate_series FROM generate_series(1, 3)

SELECT b.id, b.title FROM best(3) b

SELECT * FROM best(3)

SELECT * FROM all_parts() WHERE name = 'x'

SELECT r.a, r.b FROM jsonb_to_record('{"a": 1}') AS r(a int, b text)

SELECT u.id, l.title FROM users u LEFT JOIN LATERAL (SELECT title FROM items WHERE user_id = u.id ORDER BY seen LIMIT 1) l ON true

SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY seen DESC) AS rn, sum(price) OVER w, lag(title) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before FROM items WINDOW w AS (PARTITION BY label ORDER BY id)

SELECT count(*) FILTER (WHERE done) AS finished, string_agg(title, ', ' ORDER BY title) AS titles, array_agg(DISTINCT label) AS labels, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS median FROM items

SELECT label, state, count(*) FROM items GROUP BY GROUPING SETS ((label), (state), ()) ORDER BY label

SELECT label, grouping(label) AS g FROM items GROUP BY ROLLUP (label)

SELECT CASE WHEN price > 100 THEN 'high' WHEN price > 10 THEN 'mid' ELSE 'low' END AS class, COALESCE(label, 'none') AS label, name || ' (' || label || ')' AS full, price * quantity AS total, (price * 1.2)::numeric(10,2) AS gross, round(price) AS r, quantity::text AS q FROM users JOIN items ON users.id = items.user_id

SELECT to_char(created_at, 'YYYY-MM') AS month, extract(epoch from created_at) AS epoch, created_at::date AS day, age(created_at) AS age, now() - created_at AS since, created_at AT TIME ZONE 'Europe/Berlin' AS berlin FROM users

SELECT row_to_json(u) AS whole, to_jsonb(u.*) AS same, u AS row, json_build_object('id', u.id, 'name', u.name) AS built, jsonb_agg(u.tags) AS tags FROM users u GROUP BY u.id

SELECT who, low FROM active_users WHERE low LIKE 'x%' AND who = 'y'

SELECT a.who, u.* FROM active_users a JOIN users u USING (id) WHERE u.state = 'ok' AND a.low = u.name

SELECT id FROM ONLY items i TABLESAMPLE system (10)

SELECT tags[1] AS first, tags[1:2] AS some, extra -> 'a' AS a, extra ->> 'b' AS b, extra #> '{c,d}' AS cd, (extra ->> 'n')::int AS n, array_to_string(tags, ',') AS joined, 'x' = ANY (tags) AS has FROM users

SELECT relname FROM pg_class WHERE relkind = 'r'

SELECT id FROM items WHERE title = ANY (ARRAY['a', 'b']) AND state IN ('ok', 'sad') AND (label, title) IN (('a', 'b'), ('c', 'd')) AND quantity BETWEEN 1 AND 5 AND label IS DISTINCT FROM title

SELECT i.id AS "Id", i."title" AS "select" FROM "public"."items" i

SELECT p.id, p.name, q.name AS other FROM parts p, parts q WHERE p.item_id = q.id AND q.position = (SELECT max(position) FROM parts WHERE parts.item_id = q.item_id)

SELECT id FROM (SELECT id FROM users UNION SELECT user_id FROM items) x

SELECT u.id FROM users u JOIN (items i JOIN parts p ON p.item_id = i.id) ON i.user_id = u.id

SELECT j.title FROM (items i JOIN parts p USING (id)) AS j

SELECT max(born) AS m FROM users WHERE born > '2000-01-01' AND created_at >= '2020-01-01' AND code = 'abc' AND mail LIKE '%@x' FETCH FIRST 3 ROWS ONLY

-- since 16
SELECT id FROM (SELECT id FROM users)

SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type <> 'VIEW' AND t.is_insertable_into = 'YES'

SELECT c.relname || '.' || a.attname AS name, coalesce(a.attnum, 0) FROM pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE a.attname LIKE 'x%' AND c.relkind IN ('r', 'v') AND a.attnum > 0

SELECT s.pid FROM pg_stat_activity s WHERE s.state = 'active' AND s.query_start < now() - '1 hour'::interval AND s.datname = current_database()

SELECT n, current_date - (n || ' months')::interval AS since FROM generate_series(0, 11) n

SELECT g.day, g.ordinality FROM generate_series('2020-01-01'::timestamp, '2020-02-01', '1 day') WITH ORDINALITY g(day, ordinality) WHERE g.day > '2020-01-10'

SELECT u || 'x' AS x FROM unnest(ARRAY['a', 'b']) u WHERE u <> 'a'

SELECT label::varchar(50), label::varchar(10) AS l, code::char(3), code::char(4) AS m, price::numeric(10, 2) AS a, price::numeric(10) AS b, price::numeric(10, 2)::numeric(10,2) AS c, price::float8::numeric(10,2)::numeric(10,2)::numeric(10,1) AS d, labels::varchar(20)[] AS k, labels::varchar(3)[] AS e, coalesce(price, 0)::numeric(10,2) AS f, (SELECT price LIMIT 1)::numeric(10,2) AS g FROM items

SELECT quantity FROM items UNION VALUES (1)

VALUES (1, 'a') UNION SELECT quantity, 'b' FROM items

(SELECT quantity FROM items UNION ALL SELECT id FROM parts ORDER BY 1 LIMIT 3) INTERSECT ALL (VALUES (1), (2)) EXCEPT ALL (VALUES (1), (2), (3) ORDER BY 1 LIMIT 2)

SELECT big FROM items UNION ALL VALUES (1)

SELECT COALESCE(array_agg(big), ARRAY[1, 2]) AS a, COALESCE(array_agg(big), ARRAY[max(quantity)]) AS b FROM items
