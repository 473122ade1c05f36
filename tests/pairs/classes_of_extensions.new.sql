CREATE EXTENSION btree_gist;
CREATE EXTENSION btree_gin;
CREATE DOMAIN code AS text;
CREATE TABLE stays (room integer, during tstzrange, guest code, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE INDEX by_room ON stays USING gist (room gist_int4_ops);
CREATE INDEX by_guest ON stays (guest text_ops);
