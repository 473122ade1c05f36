-- since 18
CREATE TABLE plants (height integer NOT NULL, CONSTRAINT grows CHECK (height > 0));
CREATE TABLE trees (height integer, CONSTRAINT grows CHECK (height > 0) NOT ENFORCED);
CREATE TABLE herbs (height integer);
ALTER TABLE herbs ADD CONSTRAINT high NOT NULL height NOT VALID;
ALTER TABLE herbs ADD CONSTRAINT grows CHECK (height > 0) NOT VALID;
