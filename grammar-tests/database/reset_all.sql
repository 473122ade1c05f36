ALTER DATABASE app SET work_mem = '8MB';
ALTER DATABASE app SET jit = off;
ALTER DATABASE app RESET ALL;
ALTER DATABASE app SET enable_sort = off;
