CREATE SCHEMA @{s};
CREATE TYPE @{s}.@{enum} AS ENUM (@={a}, @={b}, 'c');
CREATE TYPE @{s}.@{composite} AS (@{x} integer, @{y} text);
CREATE DOMAIN @{s}.@{domain} AS text DEFAULT @'{d}' CONSTRAINT @{check} CHECK (VALUE <> @'{x}');
CREATE TYPE @{s}.@{range} AS RANGE (subtype = integer, multirange_type_name = @{s}.@{multirange});
CREATE COLLATION @{s}.@{collation} (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE SEQUENCE @{s}.@{sequence} INCREMENT 3;
CREATE FUNCTION @{s}.@{function}(@{in} integer, OUT @{out} integer) LANGUAGE sql IMMUTABLE AS @'{ SELECT 1 -- }';
CREATE FUNCTION @{s}.@{plpgsql}() RETURNS trigger LANGUAGE plpgsql AS $BODY$BEGIN RAISE NOTICE @'{n}'; RETURN NEW; END$BODY$;
CREATE FUNCTION @{s}.@{atomic}(@{in} integer) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT @{in} + 1; END;
CREATE PROCEDURE @{s}.@{procedure}(@{in} @{s}.@{enum}) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE @{s}.@{aggregate}(integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE TABLE @{s}.@{parent} (@{id} integer GENERATED ALWAYS AS IDENTITY, @{p} text, CONSTRAINT @{pk} PRIMARY KEY (@{id}));
CREATE TABLE @{s}.@{table} (
    @{id} serial,
    @{ref} integer CONSTRAINT @{fk} REFERENCES @{s}.@{parent} (@{id}),
    @{e} @{s}.@{enum} DEFAULT @={a} CONSTRAINT @{nn} NOT NULL,
    @{text} text COLLATE @{s}.@{collation} DEFAULT @'{ }',
    @{d} @{s}.@{domain},
    @{c} @{s}.@{composite},
    @{g} text GENERATED ALWAYS AS (upper(@{p}) || @'{g}') STORED,
    @{p} text,
    CONSTRAINT @{key} UNIQUE (@{ref}, @{p}),
    CONSTRAINT @{tcheck} CHECK (@{p} <> @'{q}'),
    CONSTRAINT @{excl} EXCLUDE USING btree (@{ref} WITH =)
);
CREATE TABLE @{s}.@{child} (@{own} integer) INHERITS (@{s}.@{parent});
CREATE TABLE @{s}.@{parted} (@{k} text, @{v} integer) PARTITION BY LIST (@{k});
CREATE TABLE @{s}.@{partition} PARTITION OF @{s}.@{parted} FOR VALUES IN (@'{k}');
CREATE INDEX @{pindex} ON @{s}.@{parted} (@{v});
CREATE INDEX @{index} ON @{s}.@{table} (lower(@{p}), @{ref} DESC) WHERE @{p} <> @'{w}';
CREATE STATISTICS @{s}.@{statistics} ON @{ref}, @{p} FROM @{s}.@{table};
CREATE VIEW @{s}.@{view} AS SELECT t.@{id} AS @{vid}, t.@{p}, @'{lit}' AS @{lit} FROM @{s}.@{table} AS t;
CREATE VIEW @{s}.@{above} WITH (security_barrier) AS SELECT @{vid} FROM @{s}.@{view};
CREATE MATERIALIZED VIEW @{s}.@{matview} AS SELECT @{p} FROM @{s}.@{table};
CREATE TRIGGER @{trigger} BEFORE UPDATE OF @{p} ON @{s}.@{table} FOR EACH ROW WHEN (OLD.@{p} <> @'{t}') EXECUTE FUNCTION @{s}.@{plpgsql}(@'{arg}');
CREATE RULE @{rule} AS ON DELETE TO @{s}.@{parent} DO INSTEAD NOTHING;
CREATE POLICY @{policy} ON @{s}.@{table} USING (@{p} = @'{u}');
CREATE TEXT SEARCH DICTIONARY @{s}.@{dictionary} (TEMPLATE = simple, accept = false);
CREATE TEXT SEARCH CONFIGURATION @{s}.@{configuration} (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION @{s}.@{configuration} ADD MAPPING FOR word WITH @{s}.@{dictionary};
CREATE FOREIGN DATA WRAPPER @{wrapper} OPTIONS (@{o} @'{o}');
CREATE SERVER @{server} VERSION @'{1}' FOREIGN DATA WRAPPER @{wrapper} OPTIONS (host @'{h}');
CREATE OPERATOR @{s}.<<< (FUNCTION = int4pl, LEFTARG = integer, RIGHTARG = integer);
CREATE CAST (@{s}.@{composite} AS @{s}.@{enum}) WITH INOUT;
CREATE CONVERSION @{s}.@{conversion} FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
CREATE FUNCTION @{s}.@{event}() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER @{etrigger} ON ddl_command_end WHEN TAG IN ('CREATE CONVERSION') EXECUTE FUNCTION @{s}.@{event}();
CREATE ACCESS METHOD @{method} TYPE TABLE HANDLER heap_tableam_handler;
CREATE LANGUAGE @{language} HANDLER plpgsql_call_handler;
COMMENT ON TABLE @{s}.@{table} IS @'{one}';
