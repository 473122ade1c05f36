-- majors: 16..18
CREATE TABLE t (id integer DEFAULT 0x1F, o integer DEFAULT 0o17, b bigint DEFAULT 0b101, big bigint DEFAULT 1_000_000, n numeric DEFAULT 1_000.5, CHECK (id > 0xFF AND big < 10_000 AND n <> 1_0.5e1_0));
CREATE VIEW v AS SELECT 0x1F AS h, 0o17 AS o, 0b11 AS b, 1_000 AS t, 0xFFFFFFFFFF AS big, -0x10 AS neg, 1_000.000_1 AS n FROM t WHERE id > 0x0A;
