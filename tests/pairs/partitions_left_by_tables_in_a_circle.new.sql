CREATE TABLE boats (number integer, mooring integer, UNIQUE (number));
CREATE TABLE boats_one (number integer, mooring integer, UNIQUE (number));
CREATE TABLE moorings (number integer, boat integer, UNIQUE (number));
CREATE TABLE moorings_one (number integer, boat integer, UNIQUE (number));
ALTER TABLE boats ADD CONSTRAINT boats_mooring FOREIGN KEY (mooring) REFERENCES moorings (number);
ALTER TABLE moorings ADD CONSTRAINT moorings_boat FOREIGN KEY (boat) REFERENCES boats (number);
