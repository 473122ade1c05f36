-- since 18
CREATE TABLE stays (room int4range, days daterange, CONSTRAINT booked PRIMARY KEY (room, days WITHOUT OVERLAPS)) PARTITION BY LIST (room);
CREATE TABLE stays_one PARTITION OF stays FOR VALUES IN ('[1,2)');
CREATE TABLE stays_two PARTITION OF stays FOR VALUES IN ('[2,3)');
CREATE TABLE guests (room int4range, days daterange, CONSTRAINT slept FOREIGN KEY (room, PERIOD days) REFERENCES stays (room, PERIOD days));
CREATE TABLE loans (book int4range, days daterange, CONSTRAINT out UNIQUE (book, days WITHOUT OVERLAPS)) PARTITION BY LIST (book);
CREATE TABLE loans_one (book int4range, days daterange, CONSTRAINT lent UNIQUE (book, days WITHOUT OVERLAPS));
ALTER TABLE loans ATTACH PARTITION loans_one FOR VALUES IN ('[1,2)');
CREATE TABLE loans_two PARTITION OF loans FOR VALUES IN ('[2,3)');
