CREATE TABLE t (a integer, i integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE v (a integer, i integer NOT NULL);
