-- pg_description pg_class app.item: description is items on the left, things
COMMENT ON TABLE app.item IS 'things'

-- pg_description pg_class app.item.name: only on the left
COMMENT ON COLUMN app.item.name IS NULL

-- pg_description pg_namespace public: description
COMMENT ON SCHEMA public IS 'theirs'

-- pg_attribute app.item.body: attstorage is e on the left, m
ALTER TABLE app.item ALTER COLUMN body SET STORAGE MAIN

-- pg_attribute app.item.name: attstattarget is 500
ALTER TABLE app.item ALTER COLUMN name SET STATISTICS 100

-- pg_attribute app.item.body: attcompression
ALTER TABLE app.item ALTER COLUMN body SET COMPRESSION DEFAULT

-- pg_attribute app.owner_of.nick: attoptions is {n_distinct=-0.5} on the left, {n_distinct=7}
ALTER TABLE app.owner_of ALTER COLUMN nick SET (n_distinct = 7)

-- pg_attribute app.item_expr.2: attstattarget
ALTER INDEX app.item_expr ALTER COLUMN 2 SET STATISTICS 77

-- pg_attribute app.item.price: atttypid is numeric(10,2) on the left, numeric(12,2)
ALTER TABLE app.item DROP COLUMN price CASCADE; ALTER TABLE app.item ADD COLUMN price numeric(12, 2)

-- pg_attribute app.child.a: attislocal is f
ALTER TABLE app.child NO INHERIT app.parent; ALTER TABLE app.child INHERIT app.parent

-- pg_attribute app.parent.a: attnotnull
ALTER TABLE app.parent ALTER COLUMN a DROP NOT NULL

-- pg_attrdef for app.parent.b: adbin is 'x'::text on the left, 'y'::text
ALTER TABLE ONLY app.parent ALTER COLUMN b SET DEFAULT 'y'

-- pg_class app.item: relacl
GRANT UPDATE ON app.item TO app_reader

-- pg_attribute app.item.body: attacl is null on the left, Odd "role=r/(owner)
GRANT SELECT (body) ON app.item TO "Odd ""role"

-- pg_class app.item: relreplident is i on the left, f
ALTER TABLE app.item REPLICA IDENTITY FULL

-- pg_index app.item_tags: indisclustered is true on the left, false
ALTER TABLE app.item SET WITHOUT CLUSTER

-- pg_class app.item: relforcerowsecurity is false on the left, true
ALTER TABLE app.item FORCE ROW LEVEL SECURITY

-- pg_class app.item: reloptions is {autovacuum_enabled=false, fillfactor=70} on the left, {autovacuum_enabled=false}
ALTER TABLE app.item RESET (fillfactor)

-- pg_class app.item: TOAST reloptions is {autovacuum_enabled=false} on the left, null
ALTER TABLE app.item RESET (toast.autovacuum_enabled)

-- pg_class app.parent: relowner is postgres on the left, app_owner
ALTER TABLE app.parent OWNER TO app_owner

-- pg_class app.scratch: relpersistence
ALTER TABLE app.scratch SET LOGGED

-- pg_class app.totals: relispopulated
REFRESH MATERIALIZED VIEW app.totals

-- pg_trigger item_touch on app.item: tgenabled is O on the left, D
ALTER TABLE app.item DISABLE TRIGGER item_touch

-- pg_trigger pg_catalog."RI_FKey_check_ins"() for item_owner_fkey on app.item on app.item: tgenabled is O on the left, D
ALTER TABLE app.item DISABLE TRIGGER ALL

-- pg_trigger item_touch on app.item: definition
DROP TRIGGER item_touch ON app.item; CREATE TRIGGER item_touch BEFORE UPDATE OF name, price ON app.item FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION app.touch('a', 'c')

-- pg_rewrite no_delete on app.parent: ev_enabled
ALTER TABLE app.parent DISABLE RULE no_delete

-- pg_rewrite "_RETURN" on app.items: ev_action is
CREATE OR REPLACE VIEW app.items WITH (security_barrier) AS SELECT i.*, o.name AS owner_name FROM app.item i JOIN app.owner_of o ON o.id = i.owner WHERE i.price > 2.5

-- pg_class app.items: reloptions is {security_barrier=true} on the left, null
ALTER VIEW app.items RESET (security_barrier)

-- pg_index app.item_name: indclass is (pg_catalog.text_pattern_ops USING btree) on the left, (pg_catalog.text_ops USING btree)
DROP INDEX app.item_name; CREATE INDEX item_name ON app.item (name DESC NULLS LAST) INCLUDE (mood) WHERE name <> ''

-- pg_index app.item_name: indpred
DROP INDEX app.item_name; CREATE INDEX item_name ON app.item (name text_pattern_ops DESC NULLS LAST) INCLUDE (mood) WHERE name <> 'x'

-- pg_attribute app.item_tags.1: attoptions is {siglen=32} on the left, {siglen=64}
DROP INDEX app.item_tags; CREATE INDEX item_tags ON app.item USING gist (tags gist_hstore_ops (siglen = 64))

-- pg_constraint fair on app.item: convalidated
ALTER TABLE app.item VALIDATE CONSTRAINT fair

-- pg_constraint item_owner_fkey on app.item: condeferred
ALTER TABLE app.item ALTER CONSTRAINT item_owner_fkey DEFERRABLE INITIALLY DEFERRED

-- pg_constraint is_positive on app.positive: only on the left
ALTER DOMAIN app.positive DROP CONSTRAINT is_positive

-- pg_type app.positive: typdefaultbin is 1 on the left, 2 on the right
ALTER DOMAIN app.positive SET DEFAULT 2

-- pg_enum app.mood 'happy': enumsortorder is ok on the left, fine
ALTER TYPE app.mood ADD VALUE 'fine' AFTER 'ok'

-- pg_type app.mood: typacl
REVOKE USAGE ON TYPE app.mood FROM PUBLIC

-- pg_sequence app.counter: seqcache is 3 on the left, 4
ALTER SEQUENCE app.counter CACHE 4

-- pg_depend pg_class app.counter -> pg_class app.item.id: only on the left
ALTER SEQUENCE app.counter OWNED BY NONE

-- pg_attribute app.owner_of.id: attidentity is a on the left, d
ALTER TABLE app.owner_of ALTER COLUMN id SET GENERATED BY DEFAULT

-- pg_sequence app.owner_of_id_seq: seqstart
ALTER TABLE app.owner_of ALTER COLUMN id SET START 8

-- pg_proc app.add(integer,integer): procost is 7 on the left, 8
ALTER FUNCTION app.add COST 8

-- pg_proc app.touch(): proconfig
ALTER FUNCTION app.touch RESET work_mem

-- pg_proc app.add(integer,integer): proargdefaults is 2 on the left, 3
CREATE OR REPLACE FUNCTION app.add(a integer, b integer DEFAULT 3) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 AS 'SELECT a + b'

-- pg_proc app.twice(integer): prosqlbody
CREATE OR REPLACE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql RETURN x * 3

-- pg_proc app.twice(integer): proacl is (owner)=X/(owner) on the left, (owner)=X/(owner), PUBLIC=X/(owner)
GRANT EXECUTE ON FUNCTION app.twice TO PUBLIC

-- pg_depend pg_proc app.twice(integer) -> pg_extension hstore: only on the left
ALTER FUNCTION app.twice NO DEPENDS ON EXTENSION hstore

-- pg_proc pg_catalog.pg_ls_dir(pg_catalog.text): only on the left
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) FROM app_reader

-- pg_proc public.avals(public.hstore): only on the right
REVOKE EXECUTE ON FUNCTION public.avals(hstore) FROM PUBLIC

-- pg_policy mine on app.item: polroles is (app_owner, app_reader) on the left, (app_owner)
ALTER POLICY mine ON app.item TO app_owner

-- pg_policy mine on app.item: polqual
ALTER POLICY mine ON app.item USING (qty > 2)

-- pg_statistic_ext app.item_stats: stxstattarget
ALTER STATISTICS app.item_stats SET STATISTICS 50

-- pg_statistic_ext app.item_expr_stats: stxexprs
DROP STATISTICS app.item_expr_stats; CREATE STATISTICS app.item_expr_stats ON (id % 8), price FROM app.item

-- pg_ts_dict app.words: dictinitoption
ALTER TEXT SEARCH DICTIONARY app.words (StopWords)

-- pg_ts_config_map app.texts token type 2 dictionary 2: only on the left
ALTER TEXT SEARCH CONFIGURATION app.texts ALTER MAPPING FOR word WITH app.words

-- pg_foreign_data_wrapper far: fdwoptions is {debug=yes, other=no} on the left, {debug=no, other=no}
ALTER FOREIGN DATA WRAPPER far OPTIONS (SET debug 'no')

-- pg_foreign_server yonder: srvversion is 1 on the left, 2
ALTER SERVER yonder VERSION '2'

-- pg_user_mapping app_reader on yonder: umoptions
ALTER USER MAPPING FOR app_reader SERVER yonder OPTIONS (ADD "user" 'other')

-- pg_attribute app.far_item.id: attfdwoptions
ALTER FOREIGN TABLE app.far_item ALTER COLUMN id OPTIONS (SET k 'w')

-- pg_publication all_of_it: pubdelete is false on the left, true
ALTER PUBLICATION all_of_it SET (publish = 'insert, delete')

-- pg_publication_rel app.owner_of in publication several: only on the left
ALTER PUBLICATION several DROP TABLE app.owner_of

-- since 15: pg_publication_rel app.item in publication several: prattrs is null on the left, (id, name)
ALTER PUBLICATION several SET TABLE app.item (name, id) WHERE (id > 1), app.owner_of

-- since 15: pg_publication_namespace app in publication several: only on the right
ALTER PUBLICATION several ADD TABLES IN SCHEMA app

-- since 15: pg_index app.item_qty: indnullsnotdistinct
DROP INDEX app.item_qty; CREATE UNIQUE INDEX item_qty ON app.item (qty) NULLS NOT DISTINCT

-- since 15: pg_constraint item_owner_fkey on app.item: confdelsetcols is null on the left, (owner)
ALTER TABLE app.item DROP CONSTRAINT item_owner_fkey, ADD CONSTRAINT item_owner_fkey FOREIGN KEY (owner) REFERENCES app.owner_of ON DELETE SET NULL (owner) DEFERRABLE

-- since 18: pg_constraint fair on app.item: conenforced
ALTER TABLE app.item DROP CONSTRAINT fair, ADD CONSTRAINT fair CHECK (price > 0) NOT ENFORCED

-- pg_default_acl for role app_owner in schema app on tables: defaclacl
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA app GRANT UPDATE ON TABLES TO app_reader

-- pg_event_trigger gatekeeper: evtenabled
ALTER EVENT TRIGGER gatekeeper ENABLE ALWAYS

-- pg_cast (app.mood AS integer): castcontext is a on the left, e
DROP CAST (app.mood AS integer); CREATE CAST (app.mood AS integer) WITH FUNCTION app.of_mood(app.mood)

-- pg_operator app.|+|(integer,integer): oprcom
DROP OPERATOR app.|+| (integer, integer); CREATE OPERATOR app.|+| (LEFTARG = integer, RIGHTARG = integer, FUNCTION = app.add)

-- pg_amop operator 1 (integer, smallint) of app.fam USING btree: only on the right
ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 < (integer, smallint)

-- pg_aggregate app.total(integer): agginitval is 0 on the left, 5
DROP AGGREGATE app.total(integer); CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5')

-- pg_largeobject_metadata 424242: lomacl
GRANT SELECT ON LARGE OBJECT 424242 TO app_reader

-- pg_db_role_setting app_reader: only on the right
DO $$BEGIN EXECUTE format('ALTER ROLE app_reader IN DATABASE %I SET work_mem = ''5MB''', current_database()); END$$

-- pg_extension hstore: only on the left
DROP EXTENSION hstore CASCADE

-- pg_namespace public: nspacl
GRANT CREATE ON SCHEMA public TO app_reader

-- pg_inherits app.child under app.parent_too: only on the left
ALTER TABLE app.child NO INHERIT app.parent_too

-- pg_class app.part_1: relpartbound
ALTER TABLE app.part DETACH PARTITION app.part_1; ALTER TABLE app.part ATTACH PARTITION app.part_1 FOR VALUES FROM ('2020-01-01') TO ('2020-06-01')

-- pg_index app.part_v: indisvalid
DROP INDEX app.part_v; CREATE INDEX part_v ON ONLY app.part (v)

-- pg_range app.floats: rngsubdiff is pg_catalog.float8mi(double precision,double precision) on the left, -
DROP TYPE app.floats CASCADE; CREATE TYPE app.floats AS RANGE (SUBTYPE = float8)

-- pg_collation app.plain: collcollate is C on the left, POSIX
DROP COLLATION app.plain CASCADE; CREATE COLLATION app.plain (LOCALE = 'POSIX')
