DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE TYPE mood AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN RAISE NOTICE 'there'; END $$;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_reader') THEN CREATE ROLE grammar_reader; END IF; END $$;
DO LANGUAGE plpgsql $$ BEGIN CREATE TABLE t (a mood); CREATE INDEX ON t (a); END $$;
