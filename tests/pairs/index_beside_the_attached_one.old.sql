CREATE TABLE boats (number integer, harbour integer) PARTITION BY LIST (harbour);
CREATE INDEX boats_number ON boats (number);
CREATE TABLE boats_here (number integer, harbour integer);
CREATE INDEX boats_here_own ON boats_here (number);
CREATE TABLE boats_away (number integer, harbour integer);
CREATE INDEX boats_away_own ON boats_away (number);
CREATE INDEX boats_away_number_idx ON boats_away (number);
CREATE INDEX boats_away_odd ON boats_away (number) WHERE number % 2 = 1;
