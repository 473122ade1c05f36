CREATE DOMAIN word AS text CHECK (VALUE <> '') NOT NULL;
CREATE TYPE pair AS (r int, z word);
CREATE TABLE held (v pair, w word);
CREATE DOMAIN small AS int CHECK (VALUE < 9);
CREATE TYPE holds AS (s small);
CREATE TABLE holding (h holds);
CREATE DOMAIN short AS text CHECK (VALUE <> 'x') CHECK (VALUE <> 'y');
CREATE TABLE lists (a int, z short, l short[]);
