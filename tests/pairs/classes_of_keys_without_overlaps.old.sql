-- since 18
CREATE TABLE kept (id int);
