-- What is made after ALTER DEFAULT PRIVILEGES has them.
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_reader') THEN CREATE ROLE grammar_reader; END IF; END $$;
CREATE TABLE before (a integer);
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO grammar_reader;
CREATE TABLE after (a integer);
REVOKE SELECT ON after FROM grammar_reader;
CREATE VIEW v AS SELECT a FROM after;
