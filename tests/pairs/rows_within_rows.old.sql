CREATE TABLE moves (a integer, b integer, c integer, CHECK (((a, b), c) <> ((1, 2), 3)));
CREATE VIEW others AS SELECT c FROM moves WHERE ((a, b), c) IS DISTINCT FROM ((1, 2), 3);
CREATE VIEW flat AS SELECT c FROM moves WHERE (a, b) IS NOT DISTINCT FROM (1, 2);
CREATE FUNCTION is_home(integer, integer) RETURNS boolean RETURN (($1, $2), 1) = ((0, 0), 1);
