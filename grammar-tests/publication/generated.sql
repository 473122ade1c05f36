-- majors: 18..18
CREATE TABLE a (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED);
CREATE PUBLICATION p FOR TABLE a WITH (publish_generated_columns = stored);
CREATE PUBLICATION q FOR TABLE a (id, twice);
ALTER PUBLICATION q SET (publish_generated_columns = none);
