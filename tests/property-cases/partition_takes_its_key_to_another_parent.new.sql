CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE TABLE app.parted97 (
    id integer NOT NULL,
    k integer NOT NULL,
    c0 numeric(10,2),
    c1 boolean,
    r371 integer,
    r371_k integer,
    PRIMARY KEY (id, k)
) PARTITION BY HASH (k);

CREATE TABLE app.part736 PARTITION OF app.parted97 FOR VALUES WITH (MODULUS 1000, REMAINDER 736) PARTITION BY HASH (id);

ALTER TABLE app.parted97 ADD CONSTRAINT fk371 FOREIGN KEY (r371, r371_k) REFERENCES app.parted97 (id, k);

GRANT USAGE ON SCHEMA app TO prop_reader;

ALTER SCHEMA app OWNER TO CURRENT_USER;

ALTER SCHEMA "Other one" OWNER TO prop_reader;

