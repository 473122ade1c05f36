-- Only its owner defines a shell, so that another one comes afterwards.
CREATE SCHEMA s;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE TYPE s.weight;
CREATE FUNCTION s.weight_in(cstring) RETURNS s.weight LANGUAGE internal IMMUTABLE STRICT AS 'float8in';
CREATE FUNCTION s.weight_out(s.weight) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'float8out';
CREATE TYPE s.weight (INPUT = s.weight_in, OUTPUT = s.weight_out, LIKE = float8);
GRANT USAGE ON TYPE s.weight TO grammar_owner;
ALTER TYPE s.weight OWNER TO grammar_owner;
CREATE TYPE s.length;
CREATE FUNCTION s.length_in(cstring) RETURNS s.length LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION s.length_out(s.length) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE s.length (INPUT = s.length_in, OUTPUT = s.length_out, LIKE = int);
REVOKE USAGE ON TYPE s.length FROM PUBLIC;
ALTER TYPE s.length OWNER TO grammar_owner;
CREATE TABLE s.parcel (w s.weight, l s.length);
