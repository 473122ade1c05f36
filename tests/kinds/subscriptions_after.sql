CREATE SUBSCRIPTION moved CONNECTION 'host=elsewhere user=u password=''other  one''' PUBLICATION q, r WITH (connect = false, slot_name = 'slot', streaming = on, synchronous_commit = local);
CREATE SUBSCRIPTION new CONNECTION 'postgresql://u:secret@nowhere/d' PUBLICATION "P" WITH (connect = false);
CREATE SUBSCRIPTION more CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, two_phase = true, disable_on_error = true); -- since 15
CREATE SUBSCRIPTION latest CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, password_required = false, run_as_owner = true, origin = none); -- since 16
COMMENT ON SUBSCRIPTION new IS 'n';
