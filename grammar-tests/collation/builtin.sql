-- majors: 17..18
CREATE COLLATION b (PROVIDER = builtin, LOCALE = 'C.UTF-8');
CREATE TABLE t (a text COLLATE b);
