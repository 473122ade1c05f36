-- refused: no dump tells what is put there
CREATE DOMAIN information_schema.d AS int;
