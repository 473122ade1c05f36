-- since 18
CREATE TABLE stays (room int4range, days daterange, CONSTRAINT booked PRIMARY KEY (room, days)) PARTITION BY LIST (room);
CREATE TABLE stays_one PARTITION OF stays FOR VALUES IN ('[1,2)');
CREATE TABLE guests (room int4range, days daterange);
CREATE TABLE loans (book int4range, days daterange) PARTITION BY LIST (book);
CREATE TABLE loans_one (book int4range, days daterange, CONSTRAINT lent UNIQUE (book, days WITHOUT OVERLAPS));
ALTER TABLE loans ATTACH PARTITION loans_one FOR VALUES IN ('[1,2)');
