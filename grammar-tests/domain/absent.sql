-- error: type absent does not exist
CREATE DOMAIN d AS absent;
