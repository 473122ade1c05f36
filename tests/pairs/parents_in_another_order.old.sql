-- A new parent before one that stays; the order turned round; a parent replaced by another in its place; the first of three that goes.
CREATE TABLE a (x int, CONSTRAINT x_is_positive CHECK (x > 0));
CREATE TABLE b (y int NOT NULL, z text DEFAULT 'b', w int GENERATED ALWAYS AS (1) STORED, CONSTRAINT y_is_positive CHECK (y > 0));
CREATE TABLE c (x int, z text DEFAULT 'c', CONSTRAINT x_is_positive CHECK (x > 0));
CREATE TABLE joined (x int CONSTRAINT x_is_positive CHECK (x > 0)) INHERITS (b);
CREATE TABLE turned () INHERITS (a, b);
CREATE TABLE replaced (z text DEFAULT 'r') INHERITS (a, b);
CREATE TABLE fewer (z text DEFAULT 'f') INHERITS (a, b, c);
CREATE TABLE own (x int CONSTRAINT x_is_positive CHECK (x > 0), y int NOT NULL CONSTRAINT y_is_positive CHECK (y > 0), z text) INHERITS (b, a);
CREATE TABLE below (v int) INHERITS (turned);
CREATE TABLE outside (z text, x int CONSTRAINT x_is_positive CHECK (x > 0));
CREATE TABLE further (z text DEFAULT 'f') INHERITS (a, c, b);
