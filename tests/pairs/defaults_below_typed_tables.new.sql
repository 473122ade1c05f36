CREATE TYPE shape AS (corners integer, colour text);
CREATE TABLE shapes OF shape (colour DEFAULT 'red') PARTITION BY LIST (corners);
CREATE TABLE triangles PARTITION OF shapes FOR VALUES IN (3) PARTITION BY LIST (corners);
CREATE TABLE flat_triangles PARTITION OF triangles FOR VALUES IN (3);
CREATE TYPE tone AS (pitch integer, name text);
CREATE TABLE tones OF tone (name DEFAULT 'a' NOT NULL, CONSTRAINT called CHECK (name <> ''));
CREATE TABLE half_tones () INHERITS (tones);
