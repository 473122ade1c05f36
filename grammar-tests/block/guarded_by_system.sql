-- refused: DO with IF
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'columns') THEN CREATE TABLE columns (a int); END IF; END $$;
