CREATE TABLE moves (a integer, b integer, c integer, CHECK (((a, b), c) = ((1, 2), 3)));
CREATE VIEW others AS SELECT c FROM moves WHERE ((a, b), c) IN (((1, 2), 3), ((3, 4), 5));
CREATE VIEW flat AS SELECT c FROM moves WHERE ((a, b), c) IS NOT DISTINCT FROM ((1, 2), 3);
CREATE VIEW same AS SELECT a FROM moves WHERE ((a, b), c) IS DISTINCT FROM ((1, 2), 3);
CREATE INDEX pairs ON moves (a) WHERE ((a, b), c) = ((1, 2), 3);
CREATE FUNCTION is_home(integer, integer) RETURNS boolean RETURN (($1, $2), 1) IS DISTINCT FROM ((0, 0), 1);
