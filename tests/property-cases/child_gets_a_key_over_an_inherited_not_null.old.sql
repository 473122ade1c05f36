CREATE TABLE parent (id integer CONSTRAINT given NOT NULL, note text);

CREATE TABLE child (more integer) INHERITS (parent);

CREATE TABLE grandchild (even_more integer) INHERITS (child);


