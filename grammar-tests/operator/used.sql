-- What uses an operator that somebody made needs it, and names it with its schema.
CREATE SCHEMA s;
CREATE FUNCTION s.ceq(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT lower($1) = lower($2)';
CREATE OPERATOR s.=~= (LEFTARG = text, RIGHTARG = text, FUNCTION = s.ceq, COMMUTATOR = OPERATOR(s.=~=));
CREATE FUNCTION s.half(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2';
CREATE OPERATOR s.!@! (RIGHTARG = integer, FUNCTION = s.half);
SET search_path = s;
CREATE TABLE t (a text, b text, n integer, CONSTRAINT c CHECK (a =~= 'x'), CONSTRAINT d CHECK (a OPERATOR(s.=~=) ANY (ARRAY[b, 'y'::text])));
CREATE VIEW v AS SELECT a, !@! n AS h FROM t WHERE a =~= b;
CREATE INDEX i ON t (a) WHERE b =~= 'q';
