CREATE TYPE span AS RANGE (SUBTYPE = int);
CREATE FUNCTION whole(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE loose AS RANGE (SUBTYPE = bigint);
CREATE TYPE other AS RANGE (SUBTYPE = date);
CREATE TABLE logs (id int, at span, many span_multirange, of other);
CREATE TYPE more;
