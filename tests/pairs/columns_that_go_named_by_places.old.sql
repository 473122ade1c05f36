CREATE TABLE goods (code text, price integer, weight numeric);
CREATE VIEW heavy AS SELECT x.w FROM goods AS x (c, p, w) WHERE x.w > 1.5;
CREATE VIEW cheap AS SELECT x.p FROM goods AS x (c, p);
