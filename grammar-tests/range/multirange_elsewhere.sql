CREATE SCHEMA far;
CREATE TYPE near AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = far.many);
CREATE DOMAIN small AS int CHECK (VALUE < 10);
CREATE TYPE smalls AS RANGE (SUBTYPE = small);
CREATE TABLE t (a int, b smalls GENERATED ALWAYS AS (smalls(a::small, (a + 5)::small)) STORED);
