CREATE TABLE goods (id integer, name text);
CREATE VIEW all_goods AS SELECT id, name FROM goods;
CREATE VIEW numbers AS SELECT g.number, g.name FROM all_goods AS g (number);
