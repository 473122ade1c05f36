CREATE SCHEMA s;
CREATE COLLATION s.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE s.t (id int primary key, a text COLLATE s.ci, b text COLLATE s.ci NOT NULL DEFAULT 'x');
CREATE INDEX ON s.t (a);
CREATE FUNCTION s.lt(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION s.gt(text, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR s.<< (FUNCTION = s.lt, LEFTARG = int, RIGHTARG = text, COMMUTATOR = OPERATOR(s.>>));
CREATE OPERATOR s.>> (FUNCTION = s.gt, LEFTARG = text, RIGHTARG = int, COMMUTATOR = OPERATOR(s.<<));
