CREATE TABLE boats (number integer NOT NULL, harbour integer NOT NULL) PARTITION BY LIST (harbour);
CREATE TABLE boats_here PARTITION OF boats FOR VALUES IN (1);
CREATE TABLE boats_away PARTITION OF boats FOR VALUES IN (2, 3) PARTITION BY LIST (harbour);
CREATE TABLE boats_away_far PARTITION OF boats_away FOR VALUES IN (2);
CREATE UNIQUE INDEX boats_once ON ONLY boats (harbour, number);
CREATE UNIQUE INDEX boats_away_once ON ONLY boats_away (harbour, number);
ALTER TABLE boats_here ADD CONSTRAINT boats_here_key PRIMARY KEY (harbour, number);
ALTER TABLE boats_away_far ADD CONSTRAINT boats_away_far_key UNIQUE (harbour, number);
ALTER INDEX boats_away_once ATTACH PARTITION boats_away_far_key;
ALTER INDEX boats_once ATTACH PARTITION boats_away_once;
ALTER INDEX boats_once ATTACH PARTITION boats_here_key;

CREATE TABLE rafts (number integer NOT NULL, harbour integer NOT NULL) PARTITION BY LIST (harbour);
CREATE TABLE rafts_here PARTITION OF rafts FOR VALUES IN (1);
CREATE UNIQUE INDEX rafts_once ON ONLY rafts (harbour, number);
ALTER TABLE rafts_here ADD CONSTRAINT rafts_here_key PRIMARY KEY (harbour, number);
ALTER INDEX rafts_once ATTACH PARTITION rafts_here_key;
CREATE TABLE trips (harbour integer, raft integer, CONSTRAINT trips_raft FOREIGN KEY (harbour, raft) REFERENCES rafts_here);

CREATE TABLE ships (number integer NOT NULL, harbour integer NOT NULL) PARTITION BY LIST (harbour);
CREATE TABLE ships_here PARTITION OF ships FOR VALUES IN (1);
CREATE UNIQUE INDEX ships_once ON ONLY ships (harbour, number);
ALTER TABLE ships_here ADD CONSTRAINT ships_here_key UNIQUE (harbour, number);
ALTER INDEX ships_once ATTACH PARTITION ships_here_key;
