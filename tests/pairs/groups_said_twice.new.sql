CREATE TABLE t (a integer, b integer, c text);
CREATE VIEW twice AS SELECT a, b, max(c) FROM t GROUP BY a, (b, a), t.b, t.a;
CREATE VIEW one_set_in_sets AS SELECT a, b, count(*) FROM t GROUP BY a, GROUPING SETS (GROUPING SETS ((b, a))), ();
CREATE VIEW sets AS SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS ((a, b), (b));
