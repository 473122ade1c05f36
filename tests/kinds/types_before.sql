CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('a', 'b', E'it''s\\x');
CREATE TYPE s.level AS ENUM ('one', 'two');
CREATE TYPE s.empty AS ENUM ();
CREATE TYPE s.part AS (x integer, y text);
CREATE TYPE s.whole AS (a integer, b text COLLATE "C", m s.mood[], v character varying(5), i s.part);
CREATE TYPE s.apart AS (a integer, gone text);
CREATE DOMAIN s.code AS text COLLATE "C" DEFAULT 'a' || 'b' NOT NULL CONSTRAINT k1 CHECK (VALUE <> '');
ALTER DOMAIN s.code ADD CONSTRAINT k2 CHECK (VALUE > '') NOT VALID;
CREATE DOMAIN s.above AS s.code;
CREATE DOMAIN s.levels AS s.level[] CHECK (cardinality(VALUE) < 9);
CREATE DOMAIN s.count AS integer CHECK (VALUE > 0);
CREATE TYPE s.words AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);
CREATE TYPE s.spans AS RANGE (subtype = integer, multirange_type_name = s."Many spans");
CREATE TYPE s.unused AS RANGE (subtype = date);
CREATE SEQUENCE s.down AS smallint INCREMENT BY -1 CACHE 4 CYCLE;
CREATE SEQUENCE s.up;
CREATE SEQUENCE s.some START 5 MINVALUE 5 MAXVALUE 100;
CREATE TABLE s.t (
    id serial PRIMARY KEY, l s.level DEFAULT 'two', ls s.levels, w s.whole, ws s.whole[], c s.code, a s.above, n s.count,
    r s.words, rs s.words_multirange, sp s.spans DEFAULT '[1,2)', sps s."Many spans"
);
CREATE INDEX t_l ON s.t (l) WHERE l <> 'one';
CREATE VIEW s.v AS SELECT l, (w).b AS b, c FROM s.t WHERE l = 'two'::s.level;
CREATE FUNCTION s.f(x s.level, y s.spans) RETURNS s.whole LANGUAGE sql AS 'SELECT NULL::s.whole';
COMMENT ON TYPE s.level IS 'how high';
COMMENT ON CONSTRAINT k1 ON DOMAIN s.code IS 'not empty';
COMMENT ON COLUMN s.whole.b IS 'the second';
INSERT INTO s.t (l, ls, w, ws, c, a, n, r, rs, sp, sps) VALUES
    ('two', '{two}', ROW(1, 'x "y"', '{a,b}', 'vvvvv', ROW(3, 'z')), ARRAY[ROW(NULL, NULL, NULL, NULL, NULL)::s.whole, NULL],
     'code', 'above', 4, '[a,b]', '{[a,b],[d,e)}', '[3,9)', '{[3,4),[7,9)}'),
    (NULL, NULL, NULL, NULL, 'x', 'x', 5, NULL, NULL, NULL, NULL);
