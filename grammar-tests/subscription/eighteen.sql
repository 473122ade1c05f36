-- majors: 18..18
CREATE SUBSCRIPTION a CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, two_phase, slot_name = NONE);
CREATE SUBSCRIPTION b CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION c CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, streaming = off);
