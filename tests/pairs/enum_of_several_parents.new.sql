CREATE TYPE en AS ENUM ('a', 'c', 'd');
CREATE TABLE p (a en, p text);
CREATE TABLE q (a en, q text);
CREATE TABLE c (z int) INHERITS (p, q);
