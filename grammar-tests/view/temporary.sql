-- refused: temporary relation v has no place in a schema
CREATE TEMP VIEW v AS SELECT 1 AS a;
