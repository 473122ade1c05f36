CREATE TABLE p (a integer, b integer);

CREATE TABLE c (z integer, b integer NOT NULL) INHERITS (p);

CREATE TABLE o (a integer, b integer);
