-- majors: 16..18
-- An expression is called so whatever it is.
CREATE TABLE t (a int, e int[], r text, s text);
CREATE STATISTICS ON a, (e[0]), (lower(r)) FROM t;
CREATE STATISTICS ON (lower(r)) FROM t;
CREATE STATISTICS ON (lower(s)) FROM t;
CREATE STATISTICS ON (r::varchar(3)), a FROM t;
CREATE STATISTICS (mcv) ON (coalesce(r, s)), (CASE WHEN a > 0 THEN r END) FROM t;
