-- One CREATE TABLE makes equal keys one, ALTER TABLE does not.
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b), UNIQUE (a) INCLUDE (c));
ALTER TABLE t ADD CONSTRAINT again UNIQUE (a) INCLUDE (c);
ALTER TABLE t ADD CONSTRAINT as_the_key UNIQUE (a, b);
CREATE TABLE d (b boolean DEFAULT (1 = ANY (ARRAY[1, 2])), c boolean DEFAULT (2 > ALL (ARRAY[1])));
