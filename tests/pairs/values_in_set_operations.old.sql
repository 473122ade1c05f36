CREATE TABLE goods (x int, y int);
CREATE TABLE others (x int, z bigint);
