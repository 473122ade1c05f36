CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.mood AS ENUM ('sad');
ALTER TYPE a.mood SET SCHEMA b;
SET search_path = b, public;
ALTER TYPE mood ADD VALUE 'ok';
