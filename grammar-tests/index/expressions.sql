-- What expressions are indexed by without saying so, and what has to be said: collations beside the database's own, operator classes that
-- are no default, or no longer one where there is a default for the very type.
CREATE DOMAIN german AS text COLLATE "C";

CREATE TABLE notes (
    id bigint NOT NULL,
    title text,
    code text COLLATE "C",
    word german,
    tags text[],
    numbers integer[],
    span int4range,
    called name,
    data jsonb
);

CREATE INDEX several ON notes (lower(title), id, (id + 1) DESC, (title || ', (' || title) NULLS FIRST) INCLUDE (called) WHERE id > 0;
CREATE INDEX of_a_column_by_the_database ON notes (code COLLATE "default", (lower(code) COLLATE "default"));
CREATE INDEX of_a_collation ON notes (lower(code), (lower(title COLLATE "C")), (lower(title) COLLATE "C"));
CREATE INDEX of_a_domain ON notes ((title::german) COLLATE "default", (title::german), word);
CREATE INDEX of_a_name ON notes ((title::name), (id::text::name));
CREATE INDEX by_an_opclass ON notes (lower(title) text_pattern_ops, (title::varchar));
CREATE INDEX of_arrays ON notes USING gin ((tags || 'x'::text), (data -> 'a'), (data -> 'b') jsonb_path_ops);
CREATE INDEX of_a_range ON notes USING gist ((int4range(0, 1) + span));
CREATE INDEX of_nothing ON notes ((1));

CREATE OPERATOR CLASS integers_first DEFAULT FOR TYPE integer[] USING btree AS
    OPERATOR 1 < (anyarray, anyarray), OPERATOR 2 <= (anyarray, anyarray), OPERATOR 3 = (anyarray, anyarray),
    OPERATOR 4 >= (anyarray, anyarray), OPERATOR 5 > (anyarray, anyarray), FUNCTION 1 (integer[], integer[]) btarraycmp(anyarray, anyarray);

CREATE INDEX of_the_type ON notes (numbers, (numbers || 1));
CREATE INDEX of_any_array ON notes (numbers array_ops, (numbers || 1) array_ops, tags);
