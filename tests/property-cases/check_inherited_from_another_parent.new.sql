CREATE TABLE base (id integer NOT NULL, a integer DEFAULT 1, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE kid (id integer NOT NULL, a integer DEFAULT 1, b integer);
CREATE TABLE grand () INHERITS (kid, base);
