-- refused: ALTER TABLESPACE is about the whole server
ALTER TABLESPACE pg_default SET (random_page_cost = 1.1);
