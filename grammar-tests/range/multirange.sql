CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE text_range AS RANGE (subtype = text, collation = "C", multirange_type_name = many_texts);
CREATE TYPE "spans" AS RANGE (subtype = timestamptz);
