CREATE SCHEMA aux;
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE EXTENSION citext WITH SCHEMA aux;
CREATE EXTENSION hstore;
CREATE DOMAIN email AS aux.citext CHECK (VALUE ~ '@');
CREATE TYPE tagged AS (tags hstore, names aux.citext[]);
CREATE EXTENSION earthdistance CASCADE;
CREATE EXTENSION "uuid-ossp";
CREATE DOMAIN key AS uuid DEFAULT uuid_generate_v4();
