CREATE TABLE boats (number integer, harbour integer) PARTITION BY LIST (harbour);
CREATE TABLE boats_here PARTITION OF boats FOR VALUES IN (1);
CREATE TABLE boats_away PARTITION OF boats FOR VALUES IN (2);
CREATE INDEX boats_number ON boats (number);
CREATE INDEX boats_here_own ON boats_here (number);
CREATE INDEX boats_away_odd ON boats_away (number) WHERE number % 2 = 1;
