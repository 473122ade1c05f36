CREATE TABLE boats (number integer, mooring integer, UNIQUE (number)) PARTITION BY LIST (number);
CREATE TABLE boats_one PARTITION OF boats FOR VALUES IN (1);
CREATE TABLE boats_two PARTITION OF boats FOR VALUES IN (2);
CREATE TABLE moorings (number integer, boat integer, UNIQUE (number)) PARTITION BY LIST (number);
CREATE TABLE moorings_one PARTITION OF moorings FOR VALUES IN (1);
ALTER TABLE boats ADD CONSTRAINT boats_mooring FOREIGN KEY (mooring) REFERENCES moorings (number);
ALTER TABLE moorings ADD CONSTRAINT moorings_boat FOREIGN KEY (boat) REFERENCES boats (number);
