INSERT INTO logs (id, of, by) VALUES (1, '[1,5)', '[1,4]');
