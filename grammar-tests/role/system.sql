DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'grammar_g') THEN
        CREATE ROLE grammar_g NOINHERIT BYPASSRLS PASSWORD NULL;
    END IF;
END $$;
CREATE TABLE of_role (i int);
ALTER TABLE of_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_role_all ON of_role TO grammar_g USING (true);
GRANT SELECT ON of_role TO grammar_g;
