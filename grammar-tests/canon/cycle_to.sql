CREATE TABLE graph (f integer, t integer, label text);
CREATE VIEW texts AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) CYCLE f, t SET is_cycle TO 'Y' DEFAULT 'N' USING path
    SELECT f, label, is_cycle FROM search_graph;
CREATE VIEW numbers AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) CYCLE f SET is_cycle TO 1 DEFAULT 0 USING path
    SELECT f, is_cycle FROM search_graph;
CREATE VIEW booleans AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) CYCLE f SET is_cycle TO true DEFAULT false USING path
    SELECT f, is_cycle FROM search_graph;
