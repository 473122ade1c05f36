-- error: provider
CREATE TABLE t (a int);
SECURITY LABEL ON TABLE t IS 'x';
