-- majors: 16..18
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS ON a, b FROM t;
CREATE STATISTICS (mcv) ON a, (b + 1) FROM t;
