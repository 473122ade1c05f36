-- The database of the files is the one that they are for, whatever its name.
ALTER DATABASE app SET work_mem = '64MB';
ALTER DATABASE app SET search_path TO public, "Odd Name";
ALTER DATABASE app SET statement_timeout TO 5000;
ALTER DATABASE app SET enable_seqscan = off;
ALTER DATABASE app SET timezone TO 'UTC';
ALTER DATABASE app RESET enable_seqscan;
ALTER DATABASE app SET app.tenant = 'it''s';
COMMENT ON DATABASE app IS 'the application';
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_one') THEN CREATE ROLE grammar_one; END IF; END $$;
ALTER ROLE grammar_one IN DATABASE app SET lock_timeout = '3s';
ALTER ROLE ALL IN DATABASE app SET jit = off;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_session_timeout = %L', current_database(), '5min'); END $$;
DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET tcp_keepalives_idle = 60'; END $$;
