CREATE SCHEMA s;
CREATE TABLE s.kept (a int);
