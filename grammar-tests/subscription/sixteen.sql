-- majors: 16..18
CREATE SUBSCRIPTION a CONNECTION 'host=nowhere password=x' PUBLICATION p WITH (connect = false, password_required = false, run_as_owner = true, origin = none, streaming = parallel);
CREATE SUBSCRIPTION b CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, origin = 'any', streaming = 'on');
ALTER SUBSCRIPTION b SET (password_required = false, run_as_owner, origin = none, streaming = parallel);
