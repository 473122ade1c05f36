CREATE TABLE base (id integer NOT NULL, a integer DEFAULT 1, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE kid (b integer) INHERITS (base);
CREATE TABLE grand () INHERITS (kid);
