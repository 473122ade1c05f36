CREATE TABLE t (a int, b text, c "char", d text DEFAULT 'x', e int DEFAULT NULL::int);
CREATE VIEW nothing AS SELECT a FROM t;
