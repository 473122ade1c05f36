CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION a, b WITH (connect = false, slot_name = NONE);
