CREATE DOMAIN d AS int;
CREATE TABLE t (a d[] DEFAULT '{1}', b int);
CREATE TYPE c AS (x d, y d[]);
CREATE TABLE u (c c, cs c[]);
CREATE DOMAIN e AS text CONSTRAINT e_short CHECK (length(VALUE) < 9);
CREATE DOMAIN es AS e[];
CREATE TABLE v (es es DEFAULT '{a,b}', e e DEFAULT 'x');
CREATE VIEW w AS SELECT es[1] FROM v;
