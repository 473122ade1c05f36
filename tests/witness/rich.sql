-- Statements are parted by empty lines. Those between two lines `-- phase` may run in any order.

CREATE SCHEMA app AUTHORIZATION app_owner

CREATE SCHEMA "Odd ""schema"

CREATE EXTENSION hstore SCHEMA public

-- phase

CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy')

CREATE TYPE app.pair AS (a integer, b text COLLATE "C")

CREATE DOMAIN app.positive AS integer DEFAULT 1 CONSTRAINT is_positive CHECK (VALUE > 0)

CREATE DOMAIN app.short AS varchar(20) NOT NULL

CREATE TYPE app.floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)

CREATE COLLATION app.plain (LOCALE = 'C')

CREATE SEQUENCE app.counter AS integer INCREMENT 5 MINVALUE 5 MAXVALUE 500 START 10 CACHE 3 CYCLE

CREATE FUNCTION app.add(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 AS 'SELECT a + b'

CREATE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql RETURN x * 2

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql SET work_mem = '8MB' SET search_path = app, pg_temp AS $$BEGIN RETURN NEW; END$$

CREATE FUNCTION app.gate() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN NULL; END$$

CREATE PROCEDURE app.work(INOUT x integer) LANGUAGE plpgsql AS $$BEGIN x := x + 1; END$$

CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = simple, STOPWORDS = english)

CREATE TEXT SEARCH CONFIGURATION app.texts (PARSER = default)

CREATE FOREIGN DATA WRAPPER far OPTIONS (debug 'yes', other 'no')

CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler

CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8

-- phase

CREATE FUNCTION app.of_mood(app.mood) RETURNS integer LANGUAGE sql AS 'SELECT 1'

SELECT pg_catalog.lo_create(424242)

-- phase

CREATE CAST (app.mood AS integer) WITH FUNCTION app.of_mood(app.mood) AS ASSIGNMENT

CREATE TABLE app.owner_of (id bigint GENERATED ALWAYS AS IDENTITY (START 7) PRIMARY KEY, name text NOT NULL UNIQUE, nick text)

CREATE TABLE app.part (id integer, at date NOT NULL, v integer, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)

CREATE TABLE app.hashed (id integer, k text) PARTITION BY HASH (lower(k) COLLATE "C")

CREATE TABLE app.parent (a integer NOT NULL, b text DEFAULT 'x', CONSTRAINT a_small CHECK (a < 100))

CREATE TABLE app.parent_too (c integer)

CREATE TABLE "Odd ""schema"."Tab'le" ("Col ""umn" integer, "order" text)

CREATE UNLOGGED TABLE app.scratch (id serial PRIMARY KEY, d app.positive)

CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0')

CREATE OPERATOR app.|+| (LEFTARG = integer, RIGHTARG = integer, FUNCTION = app.add, COMMUTATOR = OPERATOR(app.|+|))

CREATE OPERATOR FAMILY app.fam USING btree

CREATE SERVER yonder TYPE 't' VERSION '1' FOREIGN DATA WRAPPER far OPTIONS (host 'h', port '1')

ALTER TEXT SEARCH CONFIGURATION app.texts ADD MAPPING FOR word, asciiword WITH app.words, simple

CREATE EVENT TRIGGER gatekeeper ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION app.gate()

-- phase

ALTER EVENT TRIGGER gatekeeper DISABLE

CREATE TABLE app.item (
    id integer PRIMARY KEY,
    owner bigint REFERENCES app.owner_of ON DELETE CASCADE DEFERRABLE,
    name varchar(40) COLLATE app.plain NOT NULL,
    mood app.mood DEFAULT 'ok',
    moods app.mood[],
    span app.floats,
    qty app.positive,
    total integer GENERATED ALWAYS AS (id * 2) STORED,
    price numeric(10, 2),
    tags hstore,
    geo point,
    body text,
    during tstzrange,
    CONSTRAINT sized CHECK (name IN ('s', 'l')),
    CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false)

CREATE TABLE app.part_1 PARTITION OF app.part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')

CREATE TABLE app.part_rest PARTITION OF app.part DEFAULT

CREATE TABLE app.hashed_0 PARTITION OF app.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0)

CREATE TABLE app.child (d integer) INHERITS (app.parent, app.parent_too)

CREATE TABLE app.of_part (id integer, at date, FOREIGN KEY (id, at) REFERENCES app.part ON UPDATE CASCADE)

CREATE OPERATOR CLASS app.ints FOR TYPE integer USING btree FAMILY app.fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)

CREATE FOREIGN TABLE app.far_item (id integer OPTIONS (k 'v')) SERVER yonder OPTIONS (t 'x')

CREATE USER MAPPING FOR app_reader SERVER yonder OPTIONS (password 'secret')

CREATE USER MAPPING FOR PUBLIC SERVER yonder

-- phase

CREATE INDEX item_name ON app.item (name text_pattern_ops DESC NULLS LAST) INCLUDE (mood) WHERE name <> ''

CREATE INDEX item_expr ON app.item (lower(name), (id + 1)) WITH (fillfactor = 50)

CREATE INDEX item_tags ON app.item USING gist (tags gist_hstore_ops (siglen = 32))

CREATE UNIQUE INDEX item_qty ON app.item (qty)

CREATE UNIQUE INDEX owner_again ON app.owner_of (id)

CREATE INDEX part_v ON app.part (v)

CREATE INDEX ints ON app.parent (a app.ints)

CREATE STATISTICS app.item_stats (dependencies, ndistinct) ON name, mood FROM app.item

CREATE STATISTICS app.item_expr_stats ON (id % 7), price FROM app.item

CREATE VIEW app.items WITH (security_barrier) AS SELECT i.*, o.name AS owner_name FROM app.item i JOIN app.owner_of o ON o.id = i.owner WHERE i.price > 1.5

CREATE MATERIALIZED VIEW app.totals AS SELECT mood, count(*) AS n FROM app.item GROUP BY mood WITH NO DATA

CREATE RECURSIVE VIEW app.numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 10

CREATE TRIGGER item_touch BEFORE UPDATE OF name, price ON app.item FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION app.touch('a', 'b')

CREATE TRIGGER part_touch AFTER INSERT ON app.part FOR EACH ROW EXECUTE FUNCTION app.touch()

CREATE CONSTRAINT TRIGGER item_late AFTER INSERT ON app.item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch()

CREATE TRIGGER item_rows AFTER DELETE ON app.item REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION app.touch()

CREATE RULE no_delete AS ON DELETE TO app.parent WHERE OLD.a > 5 DO INSTEAD NOTHING

CREATE POLICY mine ON app.item AS RESTRICTIVE FOR UPDATE TO app_reader, app_owner USING (qty > 1) WITH CHECK (name <> (SELECT max(name) FROM app.owner_of))

ALTER TABLE app.item ADD CONSTRAINT fair CHECK (price > 0) NOT VALID

ALTER TABLE app.item ENABLE ROW LEVEL SECURITY

ALTER SEQUENCE app.counter OWNED BY app.item.id

ALTER TABLE app.item ALTER COLUMN body SET STORAGE EXTERNAL

ALTER TABLE app.item ALTER COLUMN name SET STATISTICS 500

ALTER TABLE app.item ALTER COLUMN body SET COMPRESSION pglz

ALTER TABLE app.owner_of ALTER COLUMN nick SET (n_distinct = -0.5)

CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish = 'insert')

CREATE PUBLICATION several FOR TABLE app.item, app.owner_of

CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=secret' PUBLICATION p2, p1 WITH (connect = false, slot_name = NONE)

ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA app GRANT SELECT ON TABLES TO app_reader

ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC

-- phase

GRANT USAGE ON SCHEMA app TO app_reader

GRANT SELECT, INSERT (id, name) ON app.item TO app_reader WITH GRANT OPTION

GRANT USAGE ON SEQUENCE app.counter TO PUBLIC

REVOKE EXECUTE ON FUNCTION app.twice FROM PUBLIC

GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO app_reader

GRANT EXECUTE ON FUNCTION public.akeys(hstore) TO app_reader

ALTER TABLE app.owner_of OWNER TO app_owner

ALTER FUNCTION app.add OWNER TO app_owner

COMMENT ON SCHEMA public IS 'ours'

COMMENT ON TABLE app.item IS 'items'

COMMENT ON COLUMN app.item.name IS 'names'

COMMENT ON FUNCTION app.add(integer, integer) IS 'adds'

COMMENT ON CONSTRAINT fair ON app.item IS 'fairness'

COMMENT ON TRIGGER item_touch ON app.item IS 'touches'

COMMENT ON TYPE app.mood IS 'moods'

COMMENT ON CONSTRAINT is_positive ON DOMAIN app.positive IS 'positive'

COMMENT ON OPERATOR app.|+| (integer, integer) IS 'plus'

COMMENT ON POLICY mine ON app.item IS 'policy'

COMMENT ON LARGE OBJECT 424242 IS 'large'

ALTER TABLE app.item CLUSTER ON item_tags

ALTER TABLE app.item REPLICA IDENTITY USING INDEX item_pkey

ALTER FUNCTION app.twice DEPENDS ON EXTENSION hstore
