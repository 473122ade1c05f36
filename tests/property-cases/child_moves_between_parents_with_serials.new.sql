CREATE TABLE parent (f int);

CREATE TABLE other (id bigserial, a int CONSTRAINT parent_a_check CHECK (a > 0));

CREATE TABLE child (f text) INHERITS (other);
