DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
ALTER DATABASE app OWNER TO grammar_owner;
COMMENT ON DATABASE app IS 'owned';
