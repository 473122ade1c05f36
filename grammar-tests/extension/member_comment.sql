-- refused: a member of EXTENSION pgcrypto
CREATE EXTENSION pgcrypto;
COMMENT ON FUNCTION digest(text, text) IS 'x';
