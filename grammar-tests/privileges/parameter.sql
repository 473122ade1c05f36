-- refused: privileges on a parameter
-- majors: 15..18
GRANT SET, ALTER SYSTEM ON PARAMETER work_mem TO pg_monitor WITH GRANT OPTION;
