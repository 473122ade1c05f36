CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('a', 'b');
CREATE TYPE s.pair AS (a integer, b integer);
CREATE TYPE s.twin AS (a integer, b integer);
CREATE FUNCTION s.mood_of(int) RETURNS s.mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'a'::s.mood $$;
CREATE CAST (int AS s.mood) WITH FUNCTION s.mood_of(int) AS ASSIGNMENT;
CREATE CAST (s.mood AS text) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (int AS s.mood) IS 'x';
