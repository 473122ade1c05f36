CREATE SCHEMA app;

CREATE SCHEMA "Other one";

CREATE UNLOGGED TABLE app.t986 (
    id integer GENERATED ALWAYS AS IDENTITY,
    c0 date DEFAULT '2020-01-01',
    c1 bigint,
    "Ünï 4" character(4),
    PRIMARY KEY (id),
    CONSTRAINT ck11_986 CHECK (c1 BETWEEN 0 AND 99),
    CONSTRAINT un_986 UNIQUE (c0)
);

GRANT USAGE ON SCHEMA app TO prop_reader;

