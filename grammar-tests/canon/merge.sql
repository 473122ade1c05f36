-- majors: 15..18
-- objects alone
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 1, b varchar(10), n numeric);
CREATE TABLE source (id integer, a integer, b text);
CREATE PROCEDURE merged(x integer) LANGUAGE sql BEGIN ATOMIC
    MERGE INTO t AS target USING source AS s ON target.id = s.id AND s.a > x
    WHEN MATCHED AND s.b = 'gone' THEN DELETE
    WHEN MATCHED AND target.n > 1 THEN UPDATE SET a = s.a, b = s.b || 'x', n = DEFAULT
    WHEN MATCHED THEN DO NOTHING
    WHEN NOT MATCHED AND s.a IN (1, 2) THEN INSERT (id, b) VALUES (s.id, 'new')
    WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;
    MERGE INTO t USING (SELECT id, max(a) AS a FROM source GROUP BY id) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.a, 'x', 1.5);
END;
