CREATE SCHEMA s;
CREATE SCHEMA other;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE AGGREGATE s.counted (BASETYPE = "any", SFUNC = int8inc, STYPE = int8, INITCOND = '0', COMBINEFUNC = int8pl, SSPACE = 8);
CREATE AGGREGATE s.rows (BASETYPE = 'ANY', SFUNC = int8inc, STYPE = int8, INITCOND = '0', MSFUNC = int8inc, MINVFUNC = int8dec, MSTYPE = int8, MSSPACE = 8, MINITCOND = '1');
CREATE OR REPLACE AGGREGATE s.mean (
    BASETYPE = bigint, SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg, FINALFUNC_MODIFY = READ_WRITE,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize
);
CREATE AGGREGATE s.least_of (BASETYPE = text, SFUNC = text_smaller, STYPE = text, SORTOP = OPERATOR(pg_catalog.<));
ALTER AGGREGATE s.counted(*) RENAME TO tally;
ALTER AGGREGATE s.rows(*) OWNER TO grammar_owner;
ALTER AGGREGATE s.mean(bigint) OWNER TO SESSION_USER;
ALTER AGGREGATE s.rows(*) SET SCHEMA other;
CREATE AGGREGATE s.middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
ALTER AGGREGATE s.middle(IN fraction float8 ORDER BY IN sorted anyelement) SET SCHEMA other;
ALTER ROUTINE s.mean(bigint) RENAME TO average;
COMMENT ON ROUTINE s.average(bigint) IS 'a routine too';
