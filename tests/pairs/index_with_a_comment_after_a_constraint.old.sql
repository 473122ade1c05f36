CREATE TABLE t (a integer, b integer, CONSTRAINT j UNIQUE (b));

COMMENT ON INDEX j IS 'x';
