CREATE TABLE boats (number integer, crew integer) PARTITION BY RANGE (number);
ALTER TABLE boats ADD CONSTRAINT manned CHECK (crew > 1) NOT VALID;
CREATE TABLE boats_low PARTITION OF boats FOR VALUES FROM (0) TO (10);
CREATE TABLE boats_mid PARTITION OF boats FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (number);
CREATE TABLE boats_mid_low PARTITION OF boats_mid FOR VALUES FROM (10) TO (15);
CREATE TABLE rafts (number integer, crew integer);
ALTER TABLE rafts ADD CONSTRAINT manned CHECK (crew > 1) NOT VALID;
CREATE TABLE rafts_of_wood () INHERITS (rafts);
