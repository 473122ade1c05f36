CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.parted97 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 numeric(10,2),
    c1 boolean,
    PRIMARY KEY (id, k)
) PARTITION BY HASH (k);

CREATE TABLE app.parted378 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 varchar(20),
    c1 double precision,
    r371 integer,
    r371_k integer
) PARTITION BY LIST (k);

CREATE TABLE app.part736 PARTITION OF app.parted378 FOR VALUES IN (736) PARTITION BY HASH (id);

ALTER TABLE app.parted378 ADD CONSTRAINT fk371 FOREIGN KEY (r371, r371_k) REFERENCES app.parted97 (id, k);

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

