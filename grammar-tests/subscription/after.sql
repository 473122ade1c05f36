CREATE SUBSCRIPTION moved CONNECTION 'host=elsewhere user=u password=''other  one''' PUBLICATION q, r WITH (connect = false, slot_name = 'slot', streaming = on, synchronous_commit = local);
CREATE SUBSCRIPTION new CONNECTION 'postgresql://u:secret@nowhere/d' PUBLICATION "P" WITH (connect = false);
COMMENT ON SUBSCRIPTION new IS 'n';
ALTER SUBSCRIPTION new REFRESH PUBLICATION;
