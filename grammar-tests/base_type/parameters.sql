-- Every parameter of a base type.
CREATE SCHEMA s;
CREATE TYPE s.word;
CREATE FUNCTION s.word_in(cstring, oid, integer) RETURNS s.word LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION s.word_out(s.word) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE FUNCTION s.word_recv(internal, oid, integer) RETURNS s.word LANGUAGE internal STABLE STRICT AS 'varcharrecv';
CREATE FUNCTION s.word_send(s.word) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'varcharsend';
CREATE FUNCTION s.word_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION s.word_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE FUNCTION s.word_analyze(internal) RETURNS boolean LANGUAGE internal STRICT AS 'array_typanalyze';
CREATE TYPE s.word (
    INPUT = s.word_in, OUTPUT = s.word_out, RECEIVE = s.word_recv, SEND = s.word_send, TYPMOD_IN = s.word_typmod_in, TYPMOD_OUT = s.word_typmod_out,
    ANALYZE = s.word_analyze, INTERNALLENGTH = VARIABLE, ALIGNMENT = int4, STORAGE = extended, CATEGORY = 'U', PREFERRED = true, DEFAULT = 'none',
    DELIMITER = ';', COLLATABLE = true
);
CREATE TABLE s.words (plain s.word, short s.word(7), sorted s.word COLLATE "C", many s.word[] DEFAULT '{}');

CREATE TYPE s.pair;
CREATE FUNCTION s.pair_in(cstring) RETURNS s.pair LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION s.pair_out(s.pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE TYPE s.pair (INPUT = s.pair_in, OUTPUT = s.pair_out, INTERNALLENGTH = 16, ALIGNMENT = double, SUBSCRIPT = raw_array_subscript_handler, ELEMENT = float8);

CREATE TYPE s.same;
CREATE FUNCTION s.same_in(cstring) RETURNS s.same LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION s.same_out(s.same) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE s.same (INPUT = s.same_in, OUTPUT = s.same_out, LIKE = bigint);
CREATE TYPE s.letter;
CREATE FUNCTION s.letter_in(cstring) RETURNS s.letter LANGUAGE internal IMMUTABLE STRICT AS 'charin';
CREATE FUNCTION s.letter_out(s.letter) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'charout';
CREATE TYPE s.letter (INPUT = s.letter_in, OUTPUT = s.letter_out, INTERNALLENGTH = 1, PASSEDBYVALUE = true, ALIGNMENT = char, STORAGE = plain, PREFERRED = false, COLLATABLE = false);
CREATE TABLE s.uses (p s.pair, x float8 GENERATED ALWAYS AS ((p)[0]) STORED, same s.same, letters s.letter[]);
