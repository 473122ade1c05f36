CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('z', 'a', 'a2', 'b', E'it''s\\x', 'end');
CREATE TYPE s.level AS ENUM ('three', 'two');
CREATE TYPE s.empty AS ENUM ('x', 'y');
CREATE TYPE s.part AS (x bigint, y text, z date);
CREATE TYPE s.whole AS (a integer, m s.mood[], v text, i s.part, more integer);
CREATE TYPE s.apart AS (a bigint, other text);
CREATE DOMAIN s.code AS varchar(10) DEFAULT 'c' CONSTRAINT k1 CHECK (VALUE <> '-') CONSTRAINT k2 CHECK (VALUE > '');
CREATE DOMAIN s.above AS s.code NOT NULL;
CREATE DOMAIN s.levels AS s.level[] DEFAULT '{}' CHECK (cardinality(VALUE) < 10);
CREATE DOMAIN s.count AS integer NOT NULL DEFAULT 1 CHECK (VALUE > 0) CONSTRAINT odd CHECK (VALUE < 100);
CREATE TYPE s.words AS RANGE (subtype = text);
CREATE TYPE s.spans AS RANGE (subtype = bigint, multirange_type_name = s."Many spans");
CREATE TYPE s.unused AS RANGE (subtype = timestamp);
CREATE SEQUENCE s.down AS integer CACHE 4;
CREATE SEQUENCE s.up INCREMENT 5 START 3 MAXVALUE 1000 CYCLE;
CREATE SEQUENCE s.some AS integer START 50;
CREATE TABLE s.t (
    id serial PRIMARY KEY, l s.level DEFAULT 'two', ls s.levels, w s.whole, ws s.whole[], c s.code, a s.above, n s.count,
    r s.words, rs s.words_multirange, sp s.spans DEFAULT '[1,2)', sps s."Many spans"
);
CREATE INDEX t_l ON s.t (l) WHERE l <> 'three';
CREATE VIEW s.v AS SELECT l, (w).v AS b, c FROM s.t WHERE l = 'two'::s.level;
CREATE FUNCTION s.f(x s.level, y s.spans) RETURNS s.whole LANGUAGE sql AS 'SELECT NULL::s.whole';
COMMENT ON TYPE s.level IS 'how high';
COMMENT ON COLUMN s.whole.v IS 'the third';
