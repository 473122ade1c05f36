CREATE DOMAIN citext AS text;
CREATE TABLE words (word citext, length integer);
CREATE VIEW longest AS SELECT word FROM words;
CREATE FUNCTION unaccent(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE VIEW plain AS SELECT unaccent('a'::text) AS letter;
