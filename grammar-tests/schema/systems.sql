-- refused: schema information_schema does not exist
-- Nobody manages what is put there.
CREATE DOMAIN information_schema.d AS int;
