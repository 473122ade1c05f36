INSERT INTO logs VALUES (1, '[1,5]', '{[1,2],[4,9]}', '{"[1,3]"}');
