CREATE SCHEMA s;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE OPERATOR CLASS s.c FOR TYPE int USING btree AS
    OPERATOR 1 < FOR SEARCH, OPERATOR 2 <= (int, int), OPERATOR 3 = (int, int) FOR SEARCH, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 (int, int) btint4cmp(int, int), FUNCTION 2 (int) btint4sortsupport(internal);
CREATE OPERATOR FAMILY s.dist USING gist;
ALTER OPERATOR FAMILY s.dist USING gist ADD OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops, OPERATOR 1 << (point, point) FOR SEARCH;
ALTER OPERATOR FAMILY s.dist USING gist DROP OPERATOR 1 (point);
CREATE FUNCTION s.compared(int, bigint) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
ALTER OPERATOR FAMILY s.c USING btree ADD FUNCTION 1 (int, bigint) s.compared;
ALTER OPERATOR FAMILY s.c USING btree OWNER TO grammar_owner;
ALTER OPERATOR CLASS s.c USING btree OWNER TO grammar_owner;
CREATE OPERATOR CLASS s.gone FOR TYPE int USING hash FAMILY s.kept AS OPERATOR 1 =, FUNCTION 1 hashint4(int);
CREATE OPERATOR FAMILY s.kept USING hash;
DROP OPERATOR CLASS s.gone USING hash RESTRICT;
