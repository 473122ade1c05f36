CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION c, a, b WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION added CONNECTION 'host=nowhere' PUBLICATION c, b WITH (connect = false, slot_name = NONE);
ALTER SUBSCRIPTION added ADD PUBLICATION a WITH (refresh = false);
ALTER SUBSCRIPTION added DROP PUBLICATION c WITH (refresh = false);
