-- majors: 17..18
-- objects alone
CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 1, b varchar(10), n numeric);
CREATE TABLE source (id integer, a integer, b text);
CREATE FUNCTION merged(x integer) RETURNS TABLE (action text, id integer) LANGUAGE sql BEGIN ATOMIC
    MERGE INTO t USING source s ON t.id = s.id
    WHEN MATCHED THEN UPDATE SET (a, b) = (s.a, s.b)
    WHEN NOT MATCHED BY SOURCE AND t.a > x THEN DELETE
    WHEN NOT MATCHED BY TARGET THEN INSERT (id) VALUES (s.id)
    RETURNING merge_action(), t.id;
END;
CREATE FUNCTION with_merge() RETURNS bigint LANGUAGE sql BEGIN ATOMIC
    WITH m AS (MERGE INTO t USING source ON source.id = t.id WHEN MATCHED THEN DELETE RETURNING merge_action() AS act, t.*) SELECT count(*) FROM m WHERE act = 'DELETE';
END;
