-- OLD and NEW of a rule are the view's, in RETURNING too.
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b, 'x'::text AS c FROM t;
CREATE RULE gone AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE a = old.a RETURNING old.a, old.b, old.c;
CREATE RULE changed AS ON UPDATE TO v DO INSTEAD UPDATE t SET b = new.b WHERE a = old.a RETURNING new.a, new.b, new.c;
