-- Views that call aggregates need them.
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('b', 'a');
CREATE TABLE s.t (g integer, x s.e, f float8);
CREATE FUNCTION s.least_of(s.e, s.e) RETURNS s.e LANGUAGE sql IMMUTABLE AS 'SELECT least($1, $2)';
CREATE FUNCTION s.shown(s.e) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE AGGREGATE s.first_of(s.e) (SFUNC = s.least_of, STYPE = s.e);
CREATE AGGREGATE s.shown_of(s.e) (SFUNC = s.least_of, STYPE = s.e, FINALFUNC = s.shown);
CREATE AGGREGATE s.n(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE s.disc(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE VIEW s.v AS SELECT g, s.first_of(x) AS a, s.shown_of(x) || 'x' AS b, s.n(*) + 1 AS c FROM s.t GROUP BY g;
CREATE VIEW s.w AS SELECT s.disc(0.5::float8) WITHIN GROUP (ORDER BY f) AS d, s.first_of(x) FILTER (WHERE g > 0) OVER () AS o FROM s.t GROUP BY x, g;
