CREATE TABLE base (id integer);
CREATE TABLE kid (b integer) INHERITS (base);
CREATE TABLE grand (c integer) INHERITS (kid);
CREATE TABLE other (n integer, m integer CHECK (m > 0)) INHERITS (base);
ALTER TABLE base ADD COLUMN gone integer;
ALTER TABLE other ALTER COLUMN gone SET DEFAULT 4;
