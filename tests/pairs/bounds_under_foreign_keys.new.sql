CREATE TABLE rooms (number integer, wing integer, above integer, PRIMARY KEY (number, wing),
    CONSTRAINT stacked FOREIGN KEY (above, wing) REFERENCES rooms) PARTITION BY RANGE (number);
CREATE TABLE rooms_low PARTITION OF rooms FOR VALUES FROM (0) TO (60) PARTITION BY LIST (wing);
CREATE TABLE rooms_low_east PARTITION OF rooms_low FOR VALUES IN (1, 2);
CREATE TABLE rooms_high PARTITION OF rooms FOR VALUES FROM (60) TO (100);
CREATE TABLE guests (room integer, wing integer, CONSTRAINT housed FOREIGN KEY (room, wing) REFERENCES rooms) PARTITION BY LIST (wing);
CREATE TABLE guests_east PARTITION OF guests FOR VALUES IN (1);
COMMENT ON CONSTRAINT housed ON guests IS 'no tents';
CREATE TABLE keys (room integer, wing integer, CONSTRAINT opens FOREIGN KEY (room, wing) REFERENCES rooms_low);
