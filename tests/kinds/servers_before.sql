CREATE SCHEMA s;
CREATE TEXT SEARCH DICTIONARY s.d (TEMPLATE = simple, stopwords = english, accept = false);
CREATE TEXT SEARCH CONFIGURATION s.c (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION s.c ADD MAPPING FOR asciiword, word WITH s.d;
CREATE TEXT SEARCH CONFIGURATION s.gone (COPY = english);
CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b 'it''s');
CREATE SERVER srv VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'x');
CREATE TABLE s.t (id int primary key, doc text, v tsvector GENERATED ALWAYS AS (to_tsvector('s.c', doc)) STORED);
CREATE ACCESS METHOD am TYPE TABLE HANDLER heap_tableam_handler;
