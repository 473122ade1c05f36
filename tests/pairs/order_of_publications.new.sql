CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION b, a WITH (connect = false, slot_name = NONE);
