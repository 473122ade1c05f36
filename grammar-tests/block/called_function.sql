-- refused: SELECT of a function of the schema
CREATE TABLE t (a int);
CREATE FUNCTION touch(what regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN touched timestamptz', what);
END $$;
SELECT touch('t');
SELECT now();
