-- refused: the value of a partition bound that has to be worked out
CREATE TABLE p (a int, b text) PARTITION BY RANGE (a, b);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1, 'a') TO (2 + 2, 'b');
