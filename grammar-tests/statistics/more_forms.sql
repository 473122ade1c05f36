DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS IF NOT EXISTS every (ndistinct, dependencies, mcv) ON a, b, c FROM t;
CREATE STATISTICS one ON (lower(c)) FROM t;
CREATE STATISTICS two ON (a + 1), (b * 2) FROM t;
ALTER STATISTICS every OWNER TO grammar_owner;
ALTER STATISTICS one OWNER TO CURRENT_ROLE;
ALTER STATISTICS one SET STATISTICS 7;
ALTER STATISTICS one SET STATISTICS -1;
