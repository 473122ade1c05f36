CREATE TABLE base (id integer, label text DEFAULT '' NOT NULL, y integer);
CREATE TABLE kid (b integer, label text DEFAULT 'kid') INHERITS (base);
CREATE TABLE grand (c integer, y integer DEFAULT 5, CONSTRAINT z CHECK (y > 0)) INHERITS (kid);
CREATE TABLE other (n integer, m integer CHECK (m > 0)) INHERITS (base);
