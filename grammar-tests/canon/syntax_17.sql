-- majors: 17..18
CREATE TABLE t (id integer, at timestamptz, ts timestamp, tz timetz, c text);
CREATE VIEW v AS SELECT at AT LOCAL AS a, ts AT LOCAL AS b, tz AT LOCAL AS c, extract(day from at AT LOCAL) AS d, timezone(ts) AS e FROM t;
CREATE VIEW functions AS SELECT to_bin(id) AS b, to_oct(id) AS o, 'infinity'::interval AS i, random(1, id) AS r FROM t;
