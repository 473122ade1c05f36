CREATE TABLE t (a bigint, b varchar(20));
CREATE MATERIALIZED VIEW m AS SELECT a, b, count(*) FROM t GROUP BY a, b WITH NO DATA;
CREATE UNIQUE INDEX mi ON m (a, b);
CREATE INDEX mj ON m (lower(b)) WHERE a > 0;
