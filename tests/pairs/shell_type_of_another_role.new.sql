CREATE TYPE sh;
ALTER TYPE sh OWNER TO pg_read_all_data;
