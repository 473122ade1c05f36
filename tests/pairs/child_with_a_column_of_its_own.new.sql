CREATE TABLE p (id int, x varchar(9) NOT NULL);
CREATE TABLE c (y int, x varchar(9) DEFAULT 'q') INHERITS (p);
