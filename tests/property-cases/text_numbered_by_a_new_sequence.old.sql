CREATE SEQUENCE s;
CREATE DOMAIN number AS numeric(20,0);
CREATE TABLE t (id bigint DEFAULT nextval('s') PRIMARY KEY, code text DEFAULT 'C' || nextval('s'), n numeric DEFAULT 1, d number DEFAULT 2);
