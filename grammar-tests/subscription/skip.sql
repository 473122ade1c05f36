-- majors: 15..18
CREATE SUBSCRIPTION a CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false);
ALTER SUBSCRIPTION a SKIP (lsn = '0/12345');
