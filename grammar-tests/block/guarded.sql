CREATE TABLE t (a int);
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND 'humour' = t.typname) THEN
        CREATE TYPE humour AS ENUM ('b');
        COMMENT ON TYPE humour IS 'b';
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't' AND column_name = 'feels') THEN
        ALTER TABLE t ADD COLUMN feels mood;
    END IF;
    IF NOT EXISTS (SELECT * FROM pg_constraint WHERE conname = 'positive') THEN ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0); END IF;
    IF NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'by_a') THEN CREATE INDEX by_a ON t (a); END IF;
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = 't' AND policyname = 'mine') THEN CREATE POLICY mine ON t USING (a > 1); END IF;
    IF to_regclass('public.u') IS NULL THEN CREATE TABLE u (m mood, h humour); END IF;
    IF to_regtype('known') IS NULL THEN RAISE NOTICE 'not known'; END IF;
END $$;
