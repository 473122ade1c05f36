CREATE TABLE lists (big bigint[], n numeric, i bigint, f double precision[]);
