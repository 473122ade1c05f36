INSERT INTO rooms VALUES (1, 1, 1), (2, 1, 1), (70, 1, 2);
INSERT INTO guests VALUES (1, 1), (70, 1);
INSERT INTO keys VALUES (2, 1);
