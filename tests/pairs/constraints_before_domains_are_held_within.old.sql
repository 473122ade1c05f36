CREATE DOMAIN word AS text;
CREATE TYPE pair AS (r int);
CREATE TABLE held (v pair, w word);
CREATE DOMAIN small AS int;
CREATE TYPE holds AS (s small);
CREATE DOMAIN short AS text CHECK (VALUE <> 'x');
CREATE TABLE lists (a int, z short);
