CREATE SCHEMA s;
CREATE TABLE t (id integer PRIMARY KEY, label varchar(20), amount numeric(10,2), big bigint, at timestamptz, tags text[]);
CREATE FUNCTION s.f(a integer, b integer DEFAULT 5, c text DEFAULT 'x') RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a::text || b || c';
CREATE FUNCTION s.pick(VARIADIC items text[]) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT items[1]';
CREATE FUNCTION s.sum_of(start numeric, VARIADIC items numeric[] DEFAULT '{}') RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT start';
CREATE FUNCTION s.rows_of(n integer DEFAULT 3, prefix text DEFAULT 'p') RETURNS TABLE (k integer, v text) LANGUAGE sql AS 'SELECT n, prefix';
CREATE FUNCTION s.any_of(x anyelement, y anyelement DEFAULT NULL) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(x, y)';
CREATE FUNCTION s.over(a integer, b integer DEFAULT 0) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION s.over(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT a || b';
CREATE FUNCTION s.shuffled(OUT x integer, a integer, OUT y text, b text DEFAULT 'q') LANGUAGE sql IMMUTABLE AS 'SELECT a, b';

CREATE VIEW named AS SELECT
    s.f(a => 1) AS one,
    s.f(a := 1, b := 2) AS two,
    s.f(b => id, a => 1) AS swapped,
    s.f(1, c => 'z') AS mixed,
    s.f(1, c => label) AS cast_label,
    s.f(c => 'y', a => id) AS back,
    s.f(1) AS alone,
    s.f(1, 2, 'x') AS whole,
    s.over(b => 'x', a => 'y') AS texts,
    s.over(a => id, b => 3) AS numbers,
    s.any_of(y => 1.5, x => 2.5) AS poly,
    s.any_of(x => amount) AS poly_default
FROM t;
CREATE VIEW builtin AS SELECT
    make_interval(days => id) AS days,
    make_interval(hours => 1, mins := 30) AS span,
    make_interval(secs => amount::float8) AS secs,
    make_timestamptz(2020, 1, 2, 3, 4, sec => 5) AS made,
    make_date(year => 2020, month => 1, day => id) AS day,
    jsonb_path_query_array(target => '{"a": 1}', path => '$.a') AS path,
    jsonb_path_exists('{"a": 1}'::jsonb, '$.a', silent => true) AS silent,
    jsonb_set(jsonb_in => '{}', path => '{a}', replacement => '1', create_if_missing => false) AS set_it,
    jsonb_insert('{}', '{a}', '1', insert_after => true) AS insert_it,
    parse_ident(str => label, strict => false) AS ident
FROM t;
CREATE VIEW variadics AS SELECT
    s.pick('a', 'b', label) AS several,
    s.pick(VARIADIC ARRAY['a', 'b']) AS one_array,
    s.pick(VARIADIC tags) AS column_array,
    s.pick(VARIADIC items => tags) AS named_array,
    s.pick(VARIADIC '{x,y}') AS literal,
    s.sum_of(1) AS none,
    s.sum_of(1, 2, 3.5) AS more,
    s.sum_of(amount, VARIADIC ARRAY[1, 2]) AS given,
    concat(label, 1, NULL, 'x') AS joined,
    concat(VARIADIC tags) AS joined_array,
    concat_ws(',', VARIADIC ARRAY['a', 'b']) AS spaced,
    format('%s %s', VARIADIC ARRAY['a', 'b']) AS formatted,
    jsonb_build_object('a', 1, 'b', label) AS built,
    jsonb_build_object(VARIADIC tags) AS built_array,
    num_nonnulls(VARIADIC tags) AS nonnulls,
    greatest(1, id, 2.5) AS most,
    jsonb_extract_path('{}'::jsonb, 'a', label) AS path,
    jsonb_extract_path('{}', VARIADIC '{a,b}') AS path_array
FROM t;
CREATE VIEW from_functions AS
    SELECT r.k, r.v, x.k AS xk, y.v AS yv, z.x, z.y, w.k AS wk
    FROM s.rows_of(prefix => 'q') r, s.rows_of() AS x, s.rows_of(n := 1, prefix := 'z') y(k, v), s.shuffled(b => 'b', a => 1) z, s.rows_of(2) w;
CREATE VIEW joined_function AS
    SELECT t.id, g.g, d.* FROM t CROSS JOIN generate_series(1, t.id, 2) AS g, LATERAL s.rows_of(n => t.id) d;
CREATE TABLE with_all (
    id integer DEFAULT s.over(a => 2),
    other integer DEFAULT s.over(b => 1, a => 2),
    span interval DEFAULT make_interval(days => 3),
    name text DEFAULT s.f(1, c => 'd'),
    made text GENERATED ALWAYS AS (s.f(c => 'q', a => 1)) STORED,
    CONSTRAINT named CHECK (s.over(a => other) > 0 AND s.over(b => other, a => 1) < 100)
);
CREATE INDEX named_index ON with_all (s.f(b => other, a => id), (s.over(a => id))) WHERE s.over(b => id, a => 1) > 3;
CREATE POLICY named_policy ON with_all USING (s.f(b => id, a => 1) <> 'x') WITH CHECK (s.over(a => id) > 0);
CREATE FUNCTION s.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER named_trigger BEFORE UPDATE ON with_all FOR EACH ROW WHEN (s.over(b => NEW.id, a => OLD.id) > 1) EXECUTE FUNCTION s.fire();
CREATE DOMAIN checked AS integer CHECK (s.over(b => VALUE, a => 1) > 0);
CREATE FUNCTION s.calls(n integer, m integer DEFAULT s.over(a => 4)) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT s.over(b => n, a => 2); END;
