-- A canonical function takes the range, which is but a shell until the function is there.
CREATE SCHEMA cal;
DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grammar_owner') THEN CREATE ROLE grammar_owner; END IF; END $$;
CREATE TYPE cal.stay;
COMMENT ON TYPE cal.stay IS 'of nights';
CREATE FUNCTION cal.whole_nights(cal.stay) RETURNS cal.stay LANGUAGE internal IMMUTABLE STRICT AS 'daterange_canonical';
CREATE FUNCTION cal.nights(date, date) RETURNS float8 LANGUAGE internal IMMUTABLE STRICT AS 'daterange_subdiff';
CREATE FUNCTION cal.early(cal.stay) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'range_empty';
CREATE TYPE cal.stay AS RANGE (SUBTYPE = date, SUBTYPE_OPCLASS = date_ops, CANONICAL = cal.whole_nights, SUBTYPE_DIFF = cal.nights, MULTIRANGE_TYPE_NAME = cal.stays);
ALTER TYPE cal.stay OWNER TO grammar_owner;
GRANT USAGE ON TYPE cal.stay TO grammar_owner;
COMMENT ON FUNCTION cal.whole_nights(cal.stay) IS 'whole';
CREATE TABLE cal.booked (one cal.stay DEFAULT '[2024-01-01,2024-01-03)', many cal.stays, list cal.stay[], CHECK (NOT cal.early(one)));

-- Renamed and moved, function and all.
CREATE SCHEMA far;
CREATE TYPE step;
CREATE FUNCTION cal.whole_step(step) RETURNS step LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE step AS RANGE (SUBTYPE = int, CANONICAL = cal.whole_step, MULTIRANGE_TYPE_NAME = far.strides);
ALTER TYPE step RENAME TO stride;
ALTER TYPE stride SET SCHEMA far;
ALTER FUNCTION cal.whole_step(far.stride) RENAME TO whole_stride;
CREATE VIEW far.first_strides AS SELECT '[1,3)'::far.stride AS one;

-- Gone with its function.
CREATE TYPE cal.gone;
CREATE FUNCTION cal.whole_gone(cal.gone) RETURNS cal.gone LANGUAGE internal IMMUTABLE STRICT AS 'int8range_canonical';
CREATE TYPE cal.gone AS RANGE (SUBTYPE = bigint, CANONICAL = cal.whole_gone);
DROP TYPE cal.gone CASCADE;

-- A shell that needed not be one.
CREATE TYPE cal.plain;
CREATE TYPE cal.plain AS RANGE (SUBTYPE = numeric);
