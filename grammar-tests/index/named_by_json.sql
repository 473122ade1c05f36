-- majors: 17..18
-- What SQL/JSON functions are called in the name of an index.
CREATE TABLE js (id int, j jsonb);
CREATE INDEX ON js (JSON_VALUE(j, '$.a'));
CREATE INDEX ON js (JSON_QUERY(j, '$.x'));
CREATE INDEX ON js (JSON_EXISTS(j, '$.x'));
CREATE INDEX ON js (id, (JSON_VALUE(j, '$.n' RETURNING int)), (JSON_VALUE(j, '$.n' RETURNING int) + 1));
