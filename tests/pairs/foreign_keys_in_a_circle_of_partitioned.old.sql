CREATE TABLE boats (number integer PRIMARY KEY, mooring integer) PARTITION BY RANGE (number);
CREATE TABLE boats_low PARTITION OF boats FOR VALUES FROM (0) TO (10);
CREATE TABLE moorings (number integer PRIMARY KEY, boat integer) PARTITION BY RANGE (number);
CREATE TABLE moorings_low PARTITION OF moorings FOR VALUES FROM (0) TO (10);
ALTER TABLE boats ADD FOREIGN KEY (mooring) REFERENCES moorings;
ALTER TABLE moorings ADD FOREIGN KEY (boat) REFERENCES boats;
