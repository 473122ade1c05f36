CREATE SCHEMA ids;
CREATE SEQUENCE ids.s;
CREATE SEQUENCE ids.n;
CREATE DOMAIN number AS numeric(20,0);
CREATE TABLE t (id bigint DEFAULT nextval('ids.s') PRIMARY KEY, code text DEFAULT 'C' || nextval('ids.s'), n numeric DEFAULT nextval('ids.n'),
    d number DEFAULT nextval('ids.n'));
