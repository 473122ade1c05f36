CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE pets (id int, owner int) PARTITION BY LIST (id);
CREATE TABLE pets_1 (id int, owner int);
ALTER TABLE pets ATTACH PARTITION pets_1 FOR VALUES IN (1);
