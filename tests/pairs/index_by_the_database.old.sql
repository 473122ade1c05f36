CREATE TABLE words (code text COLLATE "C", title text);
CREATE INDEX of_code ON words (code);
CREATE INDEX of_lower ON words (lower(code), lower(title));
CREATE INDEX said ON words (lower(title) text_pattern_ops);
CREATE OPERATOR CLASS mine FOR TYPE int USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
