CREATE SCHEMA s;
CREATE SCHEMA "Other";
CREATE TABLE s.a (id bigint PRIMARY KEY, name text, n bigint, more int);
CREATE TABLE s.b (id int PRIMARY KEY);
CREATE TABLE s.d (id int PRIMARY KEY);
CREATE PUBLICATION everything FOR TABLE s.a;
CREATE PUBLICATION several FOR TABLE s.b, s.d WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION fine FOR TABLE s.a (id, n, more) WHERE (n > 0), s.b WHERE (id <> 7); -- since 15
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA "Other", TABLE s.d; -- since 15
CREATE PUBLICATION generated; -- since 18
CREATE PUBLICATION new FOR TABLE s.a;
