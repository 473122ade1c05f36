-- error: cannot drop columns from view
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE OR REPLACE VIEW v AS SELECT id FROM t;
