-- Functions, operators, casts and types of extensions.
CREATE SCHEMA ext;
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION intarray SCHEMA ext;
CREATE EXTENSION cube SCHEMA ext;
CREATE EXTENSION fuzzystrmatch;
CREATE EXTENSION unaccent;
CREATE EXTENSION "uuid-ossp";
CREATE TABLE t (
    id uuid DEFAULT uuid_generate_v4(),
    email citext NOT NULL DEFAULT 'nobody@example.com',
    other citext,
    name text CHECK (name % 'x' OR similarity(name, 'x') > 0.3),
    label varchar(20),
    h hstore DEFAULT '"a"=>"1"',
    path ltree,
    numbers int[],
    place ext.cube,
    salt text DEFAULT gen_salt('bf'),
    digest bytea GENERATED ALWAYS AS (digest(name, 'sha256')) STORED,
    secret text DEFAULT encode(gen_random_bytes(16), 'hex'),
    CHECK (email ~ '^[^@]+@[^@]+$'),
    CHECK (email <> '' AND email = lower(email)),
    CHECK (h ? 'a' AND h -> 'a' <> 'b'),
    CHECK (path <@ 'Top.Science' OR path ~ '*.Astronomy' OR nlevel(path) > 2),
    CHECK (crypt(name, salt) = salt)
);
CREATE VIEW texts AS SELECT
    email = 'x' AS same, email = 'x'::text AS same_text, email = name AS text_name, email = label AS text_label, email = other AS both,
    email IN ('x', 'y') AS listed, email NOT IN ('x', 'y') AS unlisted, email LIKE 'x%' AS liked, email ILIKE 'x%' AS iliked, email ~* 'x' AS matched,
    email BETWEEN 'a' AND 'b' AS between_both, email IS DISTINCT FROM 'x' AS other_than, nullif(email, '') AS filled, coalesce(email, 'x') AS some,
    CASE email WHEN 'x' THEN 1 WHEN 'y' THEN 2 END AS cased, lower(email) AS low, email || 'x' AS joined, length(email) AS long,
    replace(email, 'a', 'b') AS replaced, split_part(email, '@', 1) AS part, regexp_replace(email, 'a', 'b') AS changed, strpos(email, '@') AS at,
    email::text = 'x' AS as_text, 'x' = email AS turned, email = 'X'::citext AS said, email > other OR email < 'b' AS ordered, upper(email)::citext AS high
FROM t;
CREATE VIEW aggregates AS SELECT max(email) AS last, min(email) AS first, count(DISTINCT email) AS number, max(name) AS last_name, string_agg(email, ',') AS all
FROM t WHERE email = ANY (ARRAY['x', 'y']) GROUP BY other HAVING max(email) > 'x';
CREATE VIEW stores AS SELECT
    h -> 'a' AS a, h -> ARRAY['a', 'b'] AS several, (h -> 'a')::int AS number, h ? 'a' AS has, h ?& ARRAY['a', 'b'] AS all, h @> '"a"=>"1"' AS holds, h || '"b"=>"2"'::hstore AS more,
    h - '"a"=>"1"' AS less, h - 'a'::text AS less_text, exist(h, 'a') AS existing, hstore('k', 'v') AS made, hstore('k', name) AS named, akeys(h) AS keys, h::json AS json, delete(h, 'a') AS deleted,
    hstore_to_jsonb(h) ->> 'a' AS jsonb, slice(h, ARRAY['a']) AS sliced, h = '"a"=>"1"'::hstore AS same, h -> name AS by_name, h -> label AS by_label
FROM t;
CREATE VIEW pairs AS SELECT t.id, e.key, e.value FROM t, each(t.h) e WHERE e.key <> 'a';
CREATE VIEW paths AS SELECT
    path <@ 'Top.Science' AS below, 'Top' @> path AS above, path ~ 'Top.*' AS like_it, path @ 'Science' AS words, path || 'Sub' AS longer, path || name AS text_longer,
    subpath(path, 0, 1) AS part, subltree(path, 0, 1) AS tree, path = 'Top' AS same, index(path, 'Top') AS place, text2ltree('a.b') AS made, ltree2text(path) AS text,
    path ? ARRAY['Top.*', 'x.*']::lquery[] AS any, lca(path, 'Top.a') AS common, nlevel(path) = 2 AS level, path IN ('a', 'b') AS listed
FROM t;
CREATE VIEW trigrams AS SELECT
    name % 'x' AS like_it, name <-> 'x' AS distance, similarity(name, 'x') AS similar, word_similarity('x', name) AS word, name %> 'x' AS words, 'x' <% name AS within,
    show_trgm(label) AS shown, label % name AS labels, similarity(label, 'x') > 0.5 AS much, email % 'x' AS email, 5 % 2 AS rest, name <-> label AS between_them
FROM t ORDER BY name <-> 'x';
CREATE VIEW crypted AS SELECT
    crypt('x', gen_salt('bf', 8)) AS crypted, digest('x', 'md5') AS digest, digest('x'::bytea, 'md5') AS bytes, encode(hmac(name, 'key', 'sha1'), 'hex') AS mac,
    pgp_sym_encrypt(name, 'key') AS encrypted, armor('x'::bytea) AS armored, gen_random_uuid() AS uuid, uuid_generate_v5(uuid_ns_url(), 'x') AS v5,
    levenshtein(name, 'x') AS far, levenshtein(name, 'x', 1, 1, 2) AS weighted, soundex(label) AS sound, difference(name, 'x') AS different, unaccent(name) AS plain
FROM t;
CREATE VIEW numbered AS SELECT
    numbers OPERATOR(ext.@>) ARRAY[1, 2] AS holds, numbers @> ARRAY[1] AS array_holds, numbers OPERATOR(ext.+) 3 AS more, ext.icount(numbers) AS number, ext.sort(numbers, 'desc') AS sorted,
    numbers OPERATOR(ext.@@) '1 & 2' AS query, place OPERATOR(ext.&&) '(0),(1)'::ext.cube AS near, ext.cube_dim(place) AS dim
FROM t;
CREATE INDEX ON t (lower(email), (h -> 'a'), (email || 'x')) WHERE email <> 'x' AND h ? 'b';
CREATE INDEX ON t USING gin (name gin_trgm_ops, (lower(label)) gin_trgm_ops);
CREATE INDEX ON t USING gist (path) WHERE path <@ 'Top';
CREATE INDEX ON t USING gin (h);
SET search_path = public, ext;
CREATE VIEW shown AS SELECT numbers @> ARRAY[1] AS holds, numbers + 3 AS more, numbers | 4 AS both, # numbers AS number, place && '(0),(1)' AS near, place <-> '(1)' AS far, icount(numbers) AS count FROM t;
SET search_path = ext;
CREATE VIEW ext.unseen AS SELECT email = 'x' AS text_same, email = 'x'::text AS said, email OPERATOR(public.=) 'x' AS same, max(email) AS last FROM public.t GROUP BY email;
