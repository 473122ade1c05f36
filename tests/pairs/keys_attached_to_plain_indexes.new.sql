CREATE TABLE boats (number integer NOT NULL, harbour integer NOT NULL) PARTITION BY LIST (harbour);
CREATE TABLE boats_here PARTITION OF boats FOR VALUES IN (1);
CREATE TABLE boats_away PARTITION OF boats FOR VALUES IN (2, 3) PARTITION BY LIST (harbour);
CREATE TABLE boats_away_far PARTITION OF boats_away FOR VALUES IN (2);

CREATE TABLE rafts (number integer NOT NULL, harbour integer NOT NULL) PARTITION BY LIST (harbour);
CREATE TABLE rafts_here PARTITION OF rafts FOR VALUES IN (1);
ALTER TABLE rafts_here ADD CONSTRAINT rafts_here_key PRIMARY KEY (harbour, number);
CREATE TABLE trips (harbour integer, raft integer, CONSTRAINT trips_raft FOREIGN KEY (harbour, raft) REFERENCES rafts_here);

CREATE TABLE ships (number integer NOT NULL, harbour integer NOT NULL, CONSTRAINT ships_once UNIQUE (harbour, number)) PARTITION BY LIST (harbour);
CREATE TABLE ships_here PARTITION OF ships FOR VALUES IN (1);
