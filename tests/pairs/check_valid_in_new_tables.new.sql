CREATE TABLE boats (number integer, crew integer);
ALTER TABLE boats ADD CONSTRAINT manned CHECK (crew > 0) NOT VALID;
CREATE TABLE ferries () INHERITS (boats);
CREATE TABLE night_ferries () INHERITS (ferries);
ALTER TABLE boats ADD CONSTRAINT numbered CHECK (number > 0) NOT VALID;
CREATE TABLE rafts () INHERITS (boats);
ALTER TABLE boats ADD CONSTRAINT small CHECK (crew < 10) NOT VALID;
ALTER TABLE night_ferries VALIDATE CONSTRAINT small;
