-- Collations that somebody made are named with their schemas, and needed.
CREATE SCHEMA s;
CREATE COLLATION s.ci (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
SET search_path = s;
CREATE TABLE t (a text COLLATE ci, b text COLLATE "C", CHECK (b COLLATE ci <> 'x'));
CREATE INDEX i ON t (b COLLATE ci);
CREATE INDEX j ON t ((b || 'x') COLLATE ci, lower(a COLLATE ci));
CREATE VIEW v AS SELECT a, b COLLATE ci AS c FROM t ORDER BY b COLLATE ci;
