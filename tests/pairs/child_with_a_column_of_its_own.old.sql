CREATE TABLE p (id int, x text);
CREATE TABLE c (y int, x text DEFAULT 'q') INHERITS (p);
