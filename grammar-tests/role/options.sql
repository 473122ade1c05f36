-- majors: 16..18
CREATE ROLE grammar_e;
CREATE ROLE grammar_f ROLE grammar_e;
GRANT grammar_e TO pg_monitor WITH ADMIN TRUE, INHERIT FALSE, SET TRUE;
REVOKE INHERIT OPTION FOR grammar_e FROM pg_monitor;
REVOKE grammar_e FROM pg_monitor;
DROP ROLE grammar_f, grammar_e;
