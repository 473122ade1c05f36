CREATE SUBSCRIPTION moved CONNECTION 'host=nowhere user=u password=secret' PUBLICATION p, q WITH (connect = false);
CREATE SUBSCRIPTION gone CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, binary = true);
