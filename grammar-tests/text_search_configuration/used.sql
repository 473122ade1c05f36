-- Configurations that somebody made, named by literals, are named with their schemas and needed.
CREATE TABLE docs (id int, body text);
CREATE TEXT SEARCH CONFIGURATION cfg (COPY = simple);
CREATE INDEX di ON docs USING gin (to_tsvector('cfg', body));
CREATE VIEW v AS SELECT to_tsvector('cfg', body) @@ plainto_tsquery('cfg', 'x') AS m FROM docs;
CREATE TABLE g (t text, v tsvector GENERATED ALWAYS AS (to_tsvector('cfg'::regconfig, coalesce(t, ''))) STORED, e tsvector GENERATED ALWAYS AS (to_tsvector('english', t)) STORED);
