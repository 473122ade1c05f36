-- refused: ALTER SYSTEM is about the whole server
ALTER SYSTEM SET work_mem = '8MB';
