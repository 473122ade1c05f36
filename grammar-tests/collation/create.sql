CREATE SCHEMA s;
CREATE COLLATION s.ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
COMMENT ON COLLATION s.ci IS 'c';
CREATE COLLATION s.l (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION s.same FROM s.ci;
CREATE COLLATION s.c FROM "C";
CREATE COLLATION IF NOT EXISTS s.c FROM "C";
CREATE TABLE s.t (a text COLLATE s.ci);
