CREATE TABLE trunks (size integer, number serial);
CREATE TABLE boxes (label text, sum integer GENERATED ALWAYS AS (size + 2) STORED) INHERITS (trunks);
CREATE MATERIALIZED VIEW packed AS SELECT b AS box FROM boxes b;
CREATE UNIQUE INDEX packed_once ON packed (box);
CREATE TABLE tins (size integer, made timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE MATERIALIZED VIEW stacked AS SELECT array_agg(t) AS tins FROM tins t;
CREATE UNLOGGED TABLE jars (size integer);
CREATE MATERIALIZED VIEW shelved AS SELECT j AS jar, 1 AS place FROM jars j;
