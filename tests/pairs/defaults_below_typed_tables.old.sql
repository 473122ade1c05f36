CREATE TYPE shape AS (corners integer);
CREATE TABLE shapes OF shape PARTITION BY LIST (corners);
CREATE TABLE triangles PARTITION OF shapes FOR VALUES IN (3) PARTITION BY LIST (corners);
CREATE TABLE flat_triangles PARTITION OF triangles FOR VALUES IN (3);
CREATE TYPE tone AS (pitch integer);
CREATE TABLE tones OF tone;
CREATE TABLE half_tones () INHERITS (tones);
