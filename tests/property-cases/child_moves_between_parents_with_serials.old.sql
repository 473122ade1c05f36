CREATE TABLE parent (id bigserial, a int CHECK (a > 0));

CREATE TABLE child (f text) INHERITS (parent);
