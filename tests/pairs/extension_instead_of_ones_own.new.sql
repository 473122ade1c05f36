CREATE EXTENSION citext;
CREATE TABLE words (word citext, length integer);
CREATE VIEW longest AS SELECT word FROM words;
CREATE EXTENSION unaccent;
CREATE VIEW plain AS SELECT unaccent('a'::text) AS letter;
