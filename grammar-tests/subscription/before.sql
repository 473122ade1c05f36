CREATE SUBSCRIPTION moved CONNECTION 'host=nowhere user=u password=secret' PUBLICATION p, q WITH (connect = false);
CREATE SUBSCRIPTION gone CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, binary = true);
ALTER SUBSCRIPTION moved SET PUBLICATION q WITH (refresh = false);
ALTER SUBSCRIPTION moved ADD PUBLICATION r WITH (refresh = false);
ALTER SUBSCRIPTION moved DROP PUBLICATION q WITH (refresh = false);
ALTER SUBSCRIPTION moved CONNECTION 'host=there';
ALTER SUBSCRIPTION gone SET (synchronous_commit = on, binary = false);
ALTER SUBSCRIPTION gone RENAME TO kept;
