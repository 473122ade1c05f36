-- majors: 15..18
CREATE TABLE two (a int, b int, UNIQUE (a, b));
CREATE TABLE refs (b int, c int, FOREIGN KEY (b, c) REFERENCES two (a, b) ON DELETE SET NULL (b));
