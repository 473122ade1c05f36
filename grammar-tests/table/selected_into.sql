-- refused: SELECT INTO
CREATE TABLE t (a int, b varchar(5));
SELECT a, b INTO e FROM t;
