CREATE TABLE lists (
    big bigint[], n numeric, i bigint, f double precision[],
    made bigint[] GENERATED ALWAYS AS (CASE WHEN n > 1 THEN ARRAY[1, 2] ELSE big END) STORED,
    CHECK (cardinality(COALESCE(big, ARRAY[7])) > 0)
);
CREATE INDEX lists_first ON lists (COALESCE(big, ARRAY[1, 2]));
CREATE INDEX lists_nested ON lists ((ARRAY[[1, 2], [3, i]]));
ALTER TABLE lists ENABLE ROW LEVEL SECURITY;
CREATE POLICY short ON lists USING (array_length(COALESCE(big, ARRAY[1]), 1) > 0);
CREATE VIEW wide AS SELECT COALESCE(big, ARRAY[1, 2]) AS a, GREATEST(big, ARRAY[[1, 2], [3, 4]]) AS b, COALESCE(f, ARRAY[1, 2.5]) AS c FROM lists;
CREATE VIEW gathered AS SELECT array_agg(i) || ARRAY[1, 2] AS a FROM lists;
CREATE TABLE pairs (p int, q int);
CREATE VIEW of_columns AS SELECT COALESCE(big, ARRAY[p, 1]) AS y, ARRAY[p::bigint, q] AS z FROM pairs, lists;
