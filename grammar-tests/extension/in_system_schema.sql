-- What belongs to extensions may stand there.
CREATE EXTENSION citext WITH SCHEMA pg_catalog;
CREATE TABLE t (a citext, b pg_catalog.citext DEFAULT 'x');
