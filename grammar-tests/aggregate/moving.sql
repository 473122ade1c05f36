-- What an aggregate may say of its moving state, of transport between workers, and of what its functions may change.
CREATE SCHEMA s;
CREATE AGGREGATE s.mean(IN value bigint) (
    SFUNC = int8_avg_accum, STYPE = internal, SSPACE = 48, FINALFUNC = numeric_poly_avg, FINALFUNC_MODIFY = READ_ONLY,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize,
    MSFUNC = int8_avg_accum, MINVFUNC = int8_avg_accum_inv, MSTYPE = internal, MSSPACE = 56, MFINALFUNC = numeric_poly_avg, MFINALFUNC_MODIFY = SHAREABLE,
    PARALLEL = RESTRICTED
);
CREATE FUNCTION s.step(state bigint, value int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT state + value';
CREATE FUNCTION s.back(state bigint, value int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT state - value';
CREATE FUNCTION s.done(state bigint, value int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT state::text';
CREATE AGGREGATE s.sums(value int) (
    SFUNC = s.step, STYPE = bigint, FINALFUNC = s.done, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE, INITCOND = '0',
    MSFUNC = s.step, MINVFUNC = s.back, MSTYPE = bigint, MFINALFUNC = s.done, MFINALFUNC_EXTRA, MFINALFUNC_MODIFY = READ_ONLY, MINITCOND = '7',
    PARALLEL = UNSAFE
);
CREATE AGGREGATE s.all_of(VARIADIC items "any") (SFUNC = s.counted, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION s.counted(bigint, VARIADIC "any") RETURNS bigint LANGUAGE internal IMMUTABLE AS 'int8inc_any';
CREATE AGGREGATE s.middle(IN fraction float8 ORDER BY IN sorted anyelement) (
    SFUNC = ordered_set_transition, STYPE = internal, SSPACE = 20, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE
);
CREATE FUNCTION s.kept(state bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT state';
CREATE AGGREGATE s.ordered(ORDER BY value int) (SFUNC = s.step, STYPE = bigint, INITCOND = '5', FINALFUNC = s.kept, FINALFUNC_MODIFY = SHAREABLE);
COMMENT ON AGGREGATE s.mean(bigint) IS 'mean';
COMMENT ON AGGREGATE s.middle(IN fraction float8 ORDER BY IN sorted anyelement) IS 'middle';
COMMENT ON AGGREGATE s.ordered(ORDER BY int) IS 'ordered';
GRANT EXECUTE ON FUNCTION s.mean(bigint) TO pg_monitor;
