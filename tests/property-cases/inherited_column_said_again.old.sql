CREATE TABLE p (a integer, b integer);

CREATE TABLE c (z integer) INHERITS (p);

CREATE TABLE o (a integer);
