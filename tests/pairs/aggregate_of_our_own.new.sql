CREATE TABLE t (id int PRIMARY KEY, v bigint);
CREATE AGGREGATE agg(bigint) (sfunc = int8pl, stype = bigint, initcond = '0');
CREATE AGGREGATE middle(float8 ORDER BY float8) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_cont_float8_final);
CREATE VIEW vv AS SELECT agg(v) AS total, middle(0.5::float8) WITHIN GROUP (ORDER BY v::float8) FROM t;
