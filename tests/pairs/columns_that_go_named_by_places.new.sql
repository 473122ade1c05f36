CREATE TABLE goods (code text, weight numeric);
CREATE VIEW heavy AS SELECT x.w FROM goods AS x (c, w) WHERE x.w > 1.5;
CREATE VIEW light AS SELECT x.w FROM goods AS x (c, w) WHERE x.w < 1.5;
