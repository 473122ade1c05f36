CREATE TABLE t (a "char", b "char", c boolean, d text DEFAULT NULL::text, e int DEFAULT 1);
CREATE VIEW nothing AS SELECT FROM t;
