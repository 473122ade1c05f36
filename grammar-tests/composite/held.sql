-- error: cannot alter type
CREATE TYPE held AS (a integer);
CREATE DOMAIN over AS held;
CREATE TABLE t (x over[]);
ALTER TYPE held ALTER ATTRIBUTE a TYPE bigint;
