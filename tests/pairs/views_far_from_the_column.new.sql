CREATE TABLE t (amount numeric(12, 2), at timestamptz);
CREATE MATERIALIZED VIEW d AS SELECT date_trunc('day', at) AS day, sum(amount) AS total FROM t GROUP BY 1;
CREATE MATERIALIZED VIEW m AS SELECT date_trunc('month', day) AS month, sum(total) AS total FROM d GROUP BY 1;
CREATE VIEW y AS SELECT * FROM m WHERE month > '2020-01-01';
