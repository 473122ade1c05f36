CREATE TABLE t (d int, b boolean, v varchar(20));
CREATE TABLE other (d int CONSTRAINT gone CHECK (d BETWEEN 1 AND 2 AND d > 0));
