CREATE TYPE mood AS ENUM ('sad', 'ok');
ALTER TYPE mood ADD VALUE 'happy';
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy';
ALTER TYPE mood ADD VALUE 'meh' BEFORE 'ok';
ALTER TYPE mood ADD VALUE 'well' AFTER 'ok';
ALTER TYPE mood RENAME VALUE 'well' TO 'fine';
CREATE TYPE "Empty" AS ENUM ();
COMMENT ON TYPE mood IS 'how it goes';
