-- majors: 17..18
CREATE SCHEMA s;
CREATE TYPE s.pair AS (a integer, b text);
CREATE DOMAIN s.short AS varchar(3);
CREATE TABLE t (id integer PRIMARY KEY, doc jsonb, raw json, name text, label varchar(20), at timestamptz);
CREATE VIEW made AS SELECT JSON('{"a": 1}') AS j, JSON(name) AS n, JSON(name WITH UNIQUE KEYS) AS u, JSON(label WITHOUT UNIQUE) AS w, JSON(name FORMAT JSON) AS f,
    JSON_SCALAR(1) AS one, JSON_SCALAR(name) AS text, JSON_SCALAR('a') AS literal, JSON_SCALAR(at) AS moment, JSON_SCALAR(1.50) AS number,
    JSON_SERIALIZE(doc) AS ser, JSON_SERIALIZE(doc RETURNING text) AS ser_text, JSON_SERIALIZE(raw RETURNING bytea) AS ser_bytes, JSON_SERIALIZE('{}') AS ser_literal FROM t;
CREATE VIEW queried AS SELECT
    JSON_EXISTS(doc, '$.a') AS e, JSON_EXISTS(doc, '$.a[*] ? (@ > $x)' PASSING id AS x) AS passing, JSON_EXISTS(doc, 'strict $.a' ERROR ON ERROR) AS error,
    JSON_EXISTS(doc, '$.a' UNKNOWN ON ERROR) AS unknown, JSON_EXISTS(doc, '$.a' FALSE ON ERROR) AS no, JSON_EXISTS(doc, '$.a' TRUE ON ERROR) AS yes,
    JSON_EXISTS(name::jsonb, '$.b' PASSING 1 AS x, name AS "Y") AS two,
    JSON_VALUE(doc, '$.a') AS v, JSON_VALUE(doc, '$.a' RETURNING integer) AS number, JSON_VALUE(doc, '$.a' RETURNING numeric(5,2) DEFAULT 0 ON EMPTY) AS numeric,
    JSON_VALUE(doc, '$.a' RETURNING text DEFAULT 'x' ON EMPTY ERROR ON ERROR) AS texts, JSON_VALUE(doc, '$.a' NULL ON EMPTY NULL ON ERROR) AS nulls,
    JSON_VALUE(doc, '$.a' RETURNING integer DEFAULT -1 ON ERROR) AS negative, JSON_VALUE(doc, '$.a' RETURNING date DEFAULT '2020-1-1' ON EMPTY) AS day,
    JSON_VALUE(doc, '$.a' RETURNING s.short) AS domain, JSON_VALUE(doc, '$.a' RETURNING timestamptz DEFAULT now() ON EMPTY) AS moment,
    JSON_VALUE(raw, '$.a' PASSING id AS i) AS of_json,
    JSON_QUERY(doc, '$.a') AS q, JSON_QUERY(doc, '$.a' WITH WRAPPER) AS wrapped, JSON_QUERY(doc, '$.a' WITH UNCONDITIONAL ARRAY WRAPPER) AS un, JSON_QUERY(doc, '$.a' WITH CONDITIONAL WRAPPER) AS cond,
    JSON_QUERY(doc, '$.a' WITHOUT WRAPPER) AS bare, JSON_QUERY(doc, '$.a' RETURNING text OMIT QUOTES) AS omit, JSON_QUERY(doc, '$.a' RETURNING text KEEP QUOTES ON SCALAR STRING) AS keep,
    JSON_QUERY(doc, '$.a' EMPTY ARRAY ON EMPTY) AS empty, JSON_QUERY(doc, '$.a' EMPTY OBJECT ON ERROR) AS object, JSON_QUERY(doc, '$.a' EMPTY ON EMPTY ERROR ON ERROR) AS both,
    JSON_QUERY(doc, '$.a' RETURNING s.pair) AS pair, JSON_QUERY(doc, '$.a' RETURNING integer[] DEFAULT '{1}' ON EMPTY) AS ints, JSON_QUERY(doc, '$.a' RETURNING jsonb DEFAULT '{"b":  1}' ON ERROR) AS dj
FROM t;
CREATE VIEW tables AS SELECT t.id, j.* FROM t, JSON_TABLE(t.doc, '$.items[*]' AS root PASSING t.id AS x COLUMNS (
    nr FOR ORDINALITY,
    a integer PATH '$.a',
    b text,
    c varchar(10) PATH '$.c' DEFAULT 'x' ON EMPTY,
    d numeric(4,1) PATH '$.d' DEFAULT 0 ON EMPTY ERROR ON ERROR,
    e boolean EXISTS PATH '$.e',
    f integer EXISTS PATH '$.f' ERROR ON ERROR,
    g jsonb FORMAT JSON PATH '$.g' WITH WRAPPER,
    h text FORMAT JSON PATH '$.h' OMIT QUOTES EMPTY ARRAY ON EMPTY,
    NESTED PATH '$.n[*]' AS inner_path COLUMNS (i integer PATH '$.i', NESTED '$.deep[*]' COLUMNS (k text PATH '$')),
    NESTED PATH '$.m[*]' COLUMNS (m1 date PATH '$.x')
) ERROR ON ERROR) AS j;
CREATE VIEW plain_table AS SELECT * FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (v integer PATH '$', w text)) jt WHERE v > 1 AND w = 'x';
CREATE VIEW empty_table AS SELECT * FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (v integer PATH '$') EMPTY ON ERROR) jt;
CREATE VIEW failing_table AS SELECT * FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (v integer PATH '$') ERROR ON ERROR) jt;
CREATE VIEW joined_table AS SELECT jt.x, y FROM t LEFT JOIN JSON_TABLE(doc, '$' COLUMNS (x integer PATH '$.x', y text PATH '$.y')) AS jt ON jt.x = t.id;
ALTER TABLE t ADD CONSTRAINT checked CHECK (JSON_EXISTS(doc, '$.a') AND JSON_VALUE(doc, '$.n' RETURNING integer) > 3 AND JSON_QUERY(doc, '$.x' RETURNING text) <> 'a');
CREATE INDEX valued ON t (JSON_VALUE(doc, '$.a'), (JSON_VALUE(doc, '$.b' RETURNING integer)));
