CREATE TYPE t AS (a int, b int);
CREATE TABLE x (c t DEFAULT ROW(1,2)::t, e t DEFAULT '(1,2)', CHECK (c <> ROW(1,2)::t));
CREATE VIEW v AS SELECT ROW(1,2)::t AS r FROM x WHERE c = ROW(1,2)::t;
CREATE INDEX i ON x ((c = ROW(1,2)::t));
