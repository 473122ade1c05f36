-- refused: DO with IF
CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('a');
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); END IF; END $$;
