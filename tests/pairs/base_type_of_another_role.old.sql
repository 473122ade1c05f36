CREATE TYPE grade;
ALTER TYPE grade OWNER TO pg_monitor;
