CREATE TABLE t (a integer, b integer);

CREATE UNIQUE INDEX j ON t (b) WHERE b > 0;

COMMENT ON INDEX j IS 'y';
