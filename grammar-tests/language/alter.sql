CREATE LANGUAGE mylang HANDLER plpgsql_call_handler;
CREATE OR REPLACE TRUSTED LANGUAGE mylang HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
ALTER LANGUAGE mylang RENAME TO yourlang;
ALTER LANGUAGE yourlang OWNER TO CURRENT_USER;
GRANT USAGE ON LANGUAGE yourlang TO pg_monitor;
CREATE LANGUAGE gone HANDLER plpgsql_call_handler;
DROP LANGUAGE gone;
DROP PROCEDURAL LANGUAGE IF EXISTS gone;
