-- since 18
CREATE TABLE plants (height integer NOT NULL, CONSTRAINT grows CHECK (height > 0));
CREATE TABLE trees (height integer NOT NULL, CONSTRAINT grows CHECK (height > 0));
ALTER TABLE trees INHERIT plants;
CREATE TABLE herbs (height integer CONSTRAINT high NOT NULL, CONSTRAINT grows CHECK (height > 0));
ALTER TABLE herbs INHERIT plants;
