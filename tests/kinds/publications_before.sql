CREATE SCHEMA s;
CREATE SCHEMA "Other";
CREATE TABLE s.a (id int PRIMARY KEY, name text, secret text, n int);
CREATE TABLE s.b (id int PRIMARY KEY);
CREATE TABLE s.c (id int PRIMARY KEY);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION several FOR TABLE s.b, s.c WITH (publish = 'insert');
CREATE PUBLICATION fine FOR TABLE s.a (id, name, n) WHERE (n > 0); -- since 15
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA s; -- since 15
CREATE PUBLICATION generated WITH (publish_generated_columns = stored); -- since 18
CREATE PUBLICATION gone FOR TABLE s.b;
COMMENT ON PUBLICATION several IS 'before';
