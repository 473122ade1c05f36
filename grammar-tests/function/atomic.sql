CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE FUNCTION ret(x int) RETURNS int LANGUAGE sql IMMUTABLE RETURN x + 1;
CREATE FUNCTION atom(x int, y int DEFAULT 3) RETURNS int BEGIN ATOMIC
    INSERT INTO t (id, a) VALUES (x, y);
    UPDATE t SET b = 'x' WHERE t.id = atom.x;
    SELECT a FROM t WHERE id = ret(x);
END;
CREATE FUNCTION empty() RETURNS void LANGUAGE sql BEGIN ATOMIC END;
