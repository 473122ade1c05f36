CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE words AS RANGE (subtype = text, collation = "default", subtype_opclass = text_ops);
CREATE TYPE patterns AS RANGE (subtype = text, subtype_opclass = text_pattern_ops);
CREATE TYPE short AS RANGE (subtype = varchar, subtype_opclass = text_ops);
CREATE FUNCTION apart(a numeric, b numeric) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT (a - b)::double precision';
CREATE TYPE amounts AS RANGE (subtype = numeric, subtype_diff = apart, multirange_type_name = "All amounts");
CREATE DOMAIN spans AS floatmultirange CHECK (NOT isempty(VALUE));
CREATE TYPE pair AS (one "All amounts", many floatrange[], of spans);
CREATE TABLE held (x floatmultirange, y words_multirange[] DEFAULT '{}', z spans);
