-- majors: 16..18
CREATE TABLE t (id integer PRIMARY KEY, doc jsonb, raw json, name text, label varchar(20), b bytea, at timestamptz);
CREATE VIEW constructors AS SELECT
    JSON_OBJECT('a': 1, 'b': name) AS colon,
    JSON_OBJECT('a' VALUE 1, 'b' VALUE label) AS with_value,
    JSON_OBJECT('a': id ABSENT ON NULL) AS absent,
    JSON_OBJECT('a': id NULL ON NULL) AS null_on_null,
    JSON_OBJECT('a': id WITH UNIQUE KEYS) AS unique_keys,
    JSON_OBJECT('a': id WITH UNIQUE) AS unique_short,
    JSON_OBJECT('a': id WITHOUT UNIQUE KEYS) AS not_unique,
    JSON_OBJECT('a': id RETURNING jsonb) AS as_jsonb,
    JSON_OBJECT('a': id RETURNING text) AS as_text,
    JSON_OBJECT('a': doc FORMAT JSON) AS formatted,
    JSON_OBJECT(name: name FORMAT JSON) AS formatted_text,
    JSON_OBJECT() AS nothing,
    JSON_OBJECT(RETURNING jsonb) AS nothing_jsonb,
    json_object('{a,1}') AS function,
    JSON_ARRAY(1, name, NULL) AS items,
    JSON_ARRAY(1, NULL ABSENT ON NULL) AS items_absent,
    JSON_ARRAY(1, NULL NULL ON NULL) AS items_null,
    JSON_ARRAY(id, doc RETURNING jsonb) AS items_jsonb,
    JSON_ARRAY() AS no_items,
    JSON_ARRAY(SELECT x.id FROM t x ORDER BY x.id) AS of_query,
    JSON_ARRAY(SELECT name FROM t RETURNING jsonb) AS of_query_jsonb
FROM t;
CREATE VIEW aggregates AS SELECT
    JSON_OBJECTAGG(name: id) AS plain,
    JSON_OBJECTAGG(name VALUE id ABSENT ON NULL) AS absent,
    JSON_OBJECTAGG(name: id WITH UNIQUE KEYS RETURNING jsonb) AS unique_jsonb,
    JSON_OBJECTAGG(label: doc) FILTER (WHERE id > 1) AS filtered,
    JSON_ARRAYAGG(id) AS items,
    JSON_ARRAYAGG(id ORDER BY name DESC NULL ON NULL) AS ordered,
    JSON_ARRAYAGG(label RETURNING jsonb) AS jsonb,
    JSON_ARRAYAGG(id) FILTER (WHERE name = 'x') AS filtered_items
FROM t;
CREATE VIEW windows AS SELECT JSON_ARRAYAGG(id) OVER (PARTITION BY name) AS items, JSON_OBJECTAGG(name: id) OVER w AS pairs FROM t WINDOW w AS (ORDER BY id);
CREATE VIEW tests AS SELECT
    name IS JSON AS j, name IS NOT JSON AS nj, label IS JSON OBJECT AS o, name IS JSON ARRAY AS a, name IS JSON SCALAR AS s, name IS JSON VALUE AS v,
    name IS JSON WITH UNIQUE KEYS AS u, name IS JSON OBJECT WITHOUT UNIQUE KEYS AS wu, doc IS JSON ARRAY AS d, raw IS NOT JSON OBJECT WITH UNIQUE AS r, '{}' IS JSON AS l
FROM t;
ALTER TABLE t ADD CONSTRAINT is_json CHECK (name IS JSON OBJECT AND label IS NOT JSON SCALAR);
ALTER TABLE t ADD CONSTRAINT built CHECK (JSON_OBJECT('a': id RETURNING jsonb) <> '{}' AND JSON_ARRAY(id, 'x' RETURNING text) <> 'y');
