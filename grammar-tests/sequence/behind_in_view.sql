-- The sequence of an identity column can be named where others can.
CREATE TABLE b (id integer GENERATED ALWAYS AS IDENTITY, n integer);
CREATE VIEW v AS SELECT currval('b_id_seq'::regclass) AS c, nextval('b_id_seq') AS n;
CREATE TABLE c (id integer DEFAULT nextval('b_id_seq'));
