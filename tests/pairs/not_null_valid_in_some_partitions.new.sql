-- since 18
CREATE TABLE boats (number integer, crew integer) PARTITION BY RANGE (number);
CREATE TABLE boats_high PARTITION OF boats FOR VALUES FROM (10) TO (20);
ALTER TABLE boats ADD CONSTRAINT manned NOT NULL crew NOT VALID;
CREATE TABLE boats_low PARTITION OF boats FOR VALUES FROM (0) TO (10);
CREATE TABLE rafts (number integer, crew integer);
CREATE TABLE rafts_of_wood () INHERITS (rafts);
