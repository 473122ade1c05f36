CREATE TABLE src (id int, v int);
CREATE TABLE tgt (id int PRIMARY KEY, v bigint, w int);
CREATE PROCEDURE m() LANGUAGE sql BEGIN ATOMIC
    MERGE INTO tgt t USING src s ON t.id = s.id WHEN MATCHED AND s.v > 1 THEN UPDATE SET v = s.v, w = 1 WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v);
END;
