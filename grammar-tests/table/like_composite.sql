-- Of a composite type LIKE takes the columns with their types and collations; there is nothing else.
CREATE DOMAIN word AS text CHECK (VALUE <> '');
CREATE TYPE pair AS (a int, b text COLLATE "C", c word, d numeric(5, 2)[]);
COMMENT ON COLUMN pair.a IS 'first';
CREATE TYPE lesser AS (gone int, kept int);
ALTER TYPE lesser DROP ATTRIBUTE gone;
CREATE TABLE one (LIKE pair);
CREATE TABLE two (z int, LIKE pair INCLUDING ALL, PRIMARY KEY (a));
CREATE TABLE three (LIKE lesser, LIKE pair);
CREATE TABLE base (a int);
CREATE TABLE four (LIKE pair) INHERITS (base);
CREATE VIEW seen AS SELECT 1 AS i;
