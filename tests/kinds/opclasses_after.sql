CREATE SCHEMA s;
CREATE OPERATOR FAMILY s.fam USING btree;
CREATE OPERATOR CLASS s.ints FOR TYPE int USING btree FAMILY s.fam AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btint4cmp(int, int);
ALTER OPERATOR FAMILY s.fam USING btree ADD
    OPERATOR 1 < (int, bigint), OPERATOR 2 <= (int, bigint), OPERATOR 3 = (int, bigint), OPERATOR 4 >= (int, bigint), OPERATOR 5 > (int, bigint),
    FUNCTION 1 btint48cmp(int, bigint);
CREATE OPERATOR CLASS s.new DEFAULT FOR TYPE varbit USING hash AS OPERATOR 1 = (varbit, varbit);
CREATE OPERATOR CLASS s.points FOR TYPE point USING gist AS
    OPERATOR 1 <<, OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops, FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), FUNCTION 8 gist_point_distance(internal, point, smallint, oid, internal), STORAGE box;
CREATE TABLE s.t (id int, p point);
CREATE INDEX i ON s.t (id s.ints);
CREATE INDEX g ON s.t USING gist (p s.points);
COMMENT ON OPERATOR CLASS s.ints USING btree IS 'after';
COMMENT ON OPERATOR FAMILY s.fam USING btree IS 'f';
