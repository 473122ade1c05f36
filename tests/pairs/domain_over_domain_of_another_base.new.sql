CREATE DOMAIN short AS text;
CREATE DOMAIN label AS short DEFAULT 'none';
CREATE TABLE shelves (id integer PRIMARY KEY, label label, other short DEFAULT 'x');
