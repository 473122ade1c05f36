CREATE TABLE zoos (town integer, kind integer, number integer GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (town);
CREATE TABLE parks PARTITION OF zoos FOR VALUES IN (1) PARTITION BY LIST (kind);
CREATE TABLE gardens PARTITION OF parks FOR VALUES IN (1);
CREATE TABLE ponds (town integer, kind integer, number integer NOT NULL) PARTITION BY LIST (kind);
CREATE TABLE lakes PARTITION OF ponds FOR VALUES IN (1);
