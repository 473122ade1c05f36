CREATE SCHEMA s;
CREATE OPERATOR FAMILY s.fam USING btree;
CREATE OPERATOR CLASS s.ints FOR TYPE int USING btree FAMILY s.fam AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btint4cmp(int, int), FUNCTION 2 btint4sortsupport(internal);
CREATE OPERATOR CLASS s.gone FOR TYPE text USING hash AS OPERATOR 1 =, FUNCTION 1 hashtext(text);
CREATE OPERATOR CLASS s.points FOR TYPE point USING gist AS
    OPERATOR 1 <<, FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), STORAGE box;
CREATE TABLE s.t (id int, p point);
CREATE INDEX i ON s.t (id s.ints);
CREATE INDEX g ON s.t USING gist (p s.points);
COMMENT ON OPERATOR CLASS s.ints USING btree IS 'before';
