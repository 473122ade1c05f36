CREATE SCHEMA parts;
CREATE TABLE t (id int, at timestamptz) PARTITION BY RANGE (date_trunc('month', at AT TIME ZONE 'utc'), lower(id::text) COLLATE "C");
CREATE TABLE parts.t1 PARTITION OF t FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('2024-02-01', MINVALUE);
