-- since 18
CREATE EXTENSION btree_gist;
CREATE TABLE kept (id int);
CREATE TABLE terms (id bigint, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE uses (id int, valid daterange, term bigint, UNIQUE (id, valid WITHOUT OVERLAPS),
    FOREIGN KEY (term, PERIOD valid) REFERENCES terms (id, PERIOD valid));
