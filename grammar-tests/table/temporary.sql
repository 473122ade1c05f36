-- refused: temporary relation t has no place in a schema
CREATE LOCAL TEMPORARY TABLE t (a int) ON COMMIT DELETE ROWS;
