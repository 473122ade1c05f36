CREATE TABLE parent (id integer CONSTRAINT given NOT NULL, note text);

CREATE TABLE child (more integer, PRIMARY KEY (id)) INHERITS (parent);

CREATE TABLE grandchild (even_more integer, PRIMARY KEY (id)) INHERITS (child);
