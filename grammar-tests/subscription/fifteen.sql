-- majors: 15..18
CREATE SUBSCRIPTION a CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, two_phase = true, disable_on_error = true, slot_name = NONE);
CREATE SUBSCRIPTION b CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, two_phase = off);
ALTER SUBSCRIPTION b SET (disable_on_error);
