-- error: already exists
CREATE SCHEMA s;
CREATE SCHEMA s;
