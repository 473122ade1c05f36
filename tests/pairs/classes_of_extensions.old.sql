CREATE EXTENSION btree_gist;
CREATE EXTENSION btree_gin;
CREATE DOMAIN code AS text;
CREATE TABLE stays (room integer, during tstzrange, guest code, EXCLUDE USING gist (room gist_int4_ops WITH =, during range_ops WITH &&));
CREATE INDEX by_room ON stays USING gin (room int4_ops);
CREATE INDEX by_guest ON stays (guest text_pattern_ops);
