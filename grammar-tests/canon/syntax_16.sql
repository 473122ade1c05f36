-- majors: 16..18
CREATE TABLE t (id integer, c text, ts timestamp);
CREATE VIEW v AS SELECT system_user AS su, any_value(c) AS av, q.id FROM t, (SELECT id FROM t) q, (VALUES (1)) GROUP BY q.id;
CREATE VIEW unnamed AS SELECT * FROM (SELECT 1 AS one), (VALUES (1, 'x'));
