CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE address AS (street text COLLATE "C", number integer, m mood[]);
ALTER TYPE address ADD ATTRIBUTE zip varchar(10);
ALTER TYPE address DROP ATTRIBUTE number;
ALTER TYPE address ALTER ATTRIBUTE street TYPE varchar(100);
CREATE TYPE nothing AS ();
CREATE TYPE nested AS (a address, n nothing);
COMMENT ON COLUMN address.zip IS 'code';
