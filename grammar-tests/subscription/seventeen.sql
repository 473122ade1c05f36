-- majors: 17..18
CREATE SUBSCRIPTION a CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, failover = true);
CREATE SUBSCRIPTION b CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
