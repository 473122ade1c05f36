-- refused: temporary relation s has no place in a schema
CREATE TEMPORARY SEQUENCE s;
