CREATE TYPE kind AS (a integer, b text COLLATE "C", c timestamp(3) with time zone);
CREATE TABLE typed OF kind;
ALTER TYPE kind ADD ATTRIBUTE d name COLLATE "C" CASCADE;
ALTER TYPE kind DROP ATTRIBUTE a CASCADE, ALTER ATTRIBUTE c TYPE date CASCADE;
CREATE TYPE seen AS (a integer, b text);
ALTER TYPE seen ADD ATTRIBUTE c integer, ALTER ATTRIBUTE b TYPE varchar(3);
CREATE TABLE held (x seen, y seen[]);
