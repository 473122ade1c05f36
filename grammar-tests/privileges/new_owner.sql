-- What a role was granted goes into what it has as the owner.
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_one') THEN CREATE ROLE grammar_one; END IF; END $$;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION f() OWNER TO grammar_one;
GRANT EXECUTE ON FUNCTION f() TO grammar_owner;
ALTER FUNCTION f() OWNER TO grammar_owner;
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION g() TO grammar_owner WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION g() TO grammar_one;
ALTER FUNCTION g() OWNER TO grammar_owner;
CREATE TABLE t (a integer, b integer);
GRANT SELECT, INSERT ON t TO grammar_owner, grammar_one;
GRANT UPDATE (a) ON t TO grammar_owner;
GRANT UPDATE (b) ON t TO grammar_owner, grammar_one;
ALTER TABLE t OWNER TO grammar_owner;
