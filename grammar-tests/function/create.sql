CREATE SCHEMA "S";
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), m mood);
CREATE TABLE "S"."T b" (id int, "X y" text);
CREATE FUNCTION f0() RETURNS int LANGUAGE sql AS 'select 1';
CREATE FUNCTION "S"."f'1"(a int, "B" text DEFAULT 'x$function$', OUT o1 int, INOUT io mood DEFAULT 'a', VARIADIC v int[] DEFAULT '{}')
    LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL SAFE LEAKPROOF COST 12.50
    SET search_path TO 'public', "S", '' SET work_mem = '10MB' SET datestyle TO iso, mdy SET timezone = 'UTC' SET statement_timeout = 5
    AS $x$ begin o1 := 1; raise notice '$function$ \ '; end $x$;
CREATE FUNCTION tab(x int) RETURNS TABLE (a int, "B b" mood) LANGUAGE sql ROWS 1500000 COST 0.00001 AS $$ select 1, 'a'::mood $$;
CREATE FUNCTION tab1() RETURNS TABLE (a int) LANGUAGE 'sql' AS $$ select 1 $$;
CREATE FUNCTION sof() RETURNS SETOF t LANGUAGE sql AS $$ select * from t $$;
CREATE FUNCTION rowarg(t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ select ($1).b $$;
CREATE FUNCTION outs(OUT a int, OUT text) LANGUAGE sql AS $$ select 1, 'x' $$;
CREATE FUNCTION one(OUT a numeric(5,2)) LANGUAGE sql AS $$ select 1.0 $$;
CREATE FUNCTION nothing(a date) RETURNS void LANGUAGE sql CALLED ON NULL INPUT VOLATILE PARALLEL RESTRICTED AS '';
CREATE FUNCTION poly(anyelement, VARIADIC anyarray) RETURNS anyelement LANGUAGE sql AS 'select $1';
CREATE FUNCTION win() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_row_number';
CREATE FUNCTION sup(int, int) RETURNS SETOF int LANGUAGE internal SUPPORT generate_series_int4_support AS 'generate_series_int4';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;
CREATE FUNCTION vc(a varchar(20), b numeric(3,1), c interval hour, d timestamp(3) with time zone) RETURNS char(3) LANGUAGE sql AS 'select null';
CREATE FUNCTION arr(mood[], "S"."T b"[]) RETURNS mood[] LANGUAGE sql AS 'select $1';
CREATE FUNCTION copied(a t.b%TYPE, b t.m%TYPE) RETURNS t.id%TYPE LANGUAGE sql AS 'select 1';
CREATE FUNCTION defaults(a int DEFAULT 3 + 4, b text DEFAULT NULL, c mood DEFAULT 'b'::mood, d timestamptz = now(), e int[] DEFAULT ARRAY[1, 2],
    f jsonb DEFAULT '{}', g varchar(3) DEFAULT 'abc', h numeric DEFAULT 1, i boolean DEFAULT true, j bigint DEFAULT -1)
    RETURNS int LANGUAGE sql AS 'select 1';
