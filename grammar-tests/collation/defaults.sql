-- Where the database's own collation has to be said, since what it is said of has another.
CREATE DOMAIN german AS text COLLATE "C";
CREATE DOMAIN plain AS text;
CREATE DOMAIN of_german AS german;
CREATE DOMAIN back AS german COLLATE "default";

CREATE TABLE words (
    code text COLLATE "C",
    word german,
    again of_german,
    here plain COLLATE "C",
    there german COLLATE "default",
    name name COLLATE "default",
    names name COLLATE "C",
    many text[] COLLATE "C"
);

CREATE TYPE pair AS (one text COLLATE "C", two german, three german COLLATE "default");

CREATE TABLE by_code (code text COLLATE "C", n int) PARTITION BY RANGE (code COLLATE "default", (lower(code)) COLLATE "default");
CREATE TABLE by_word (word german, n int) PARTITION BY LIST ((n::text) COLLATE "C");

CREATE TABLE kept (
    code text COLLATE "C",
    word german,
    EXCLUDE (code COLLATE "default" WITH =, word COLLATE "default" WITH =),
    EXCLUDE (code COLLATE "C" WITH =, word COLLATE "C" WITH =)
);

CREATE INDEX of_columns ON words (code COLLATE "default", word COLLATE "default", again COLLATE "default", here COLLATE "default");
CREATE INDEX of_own ON words (code COLLATE "C", word COLLATE "C", again COLLATE "C", here COLLATE "C", there COLLATE "default");
CREATE INDEX of_names ON words (name COLLATE "C", names COLLATE "C", names COLLATE "default", many COLLATE "default", many);

CREATE VIEW seen AS SELECT code, code COLLATE "default" AS other, word, word COLLATE "default" AS other_word FROM words;
CREATE MATERIALIZED VIEW held AS SELECT code, word FROM words;
CREATE INDEX of_held ON held (code COLLATE "default", word COLLATE "default");
CREATE TYPE spans AS RANGE (subtype = text, collation = "default");
CREATE TYPE c_spans AS RANGE (subtype = german);

-- What a field, a function or an operator of one's own gives is known by its type alone.
CREATE FUNCTION lower(n int) RETURNS german LANGUAGE sql IMMUTABLE AS 'SELECT ''a''::text';
CREATE TABLE pairs (p pair, n int, many text[]);
CREATE INDEX of_fields ON pairs (((p).one) COLLATE "default", ((p).two) COLLATE "default");
CREATE INDEX of_elements ON pairs ((many[1]) COLLATE "default");
CREATE INDEX of_functions ON pairs ((public.lower(n)) COLLATE "default", (lower(n)) COLLATE "default");
CREATE OPERATOR + (RIGHTARG = int, FUNCTION = public.lower);
CREATE OPERATOR ## (RIGHTARG = int, FUNCTION = public.lower);
CREATE INDEX of_operators ON pairs ((OPERATOR(public.+) n) COLLATE "default", (## n) COLLATE "default");
CREATE INDEX of_systems ON pairs ((many[1] || 'a') COLLATE "default", (pg_catalog.lower(many[2])) COLLATE "default");
