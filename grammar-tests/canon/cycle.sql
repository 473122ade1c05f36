CREATE TABLE graph (f integer, t integer, label text);
CREATE VIEW depth AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) SEARCH DEPTH FIRST BY f, t SET seq
    SELECT f, t, label FROM search_graph ORDER BY seq;
CREATE VIEW breadth AS
    WITH RECURSIVE search_graph AS (SELECT g.f, g.t FROM graph g UNION ALL SELECT g.f, g.t FROM graph g JOIN search_graph sg ON g.f = sg.t) SEARCH BREADTH FIRST BY f SET ordering
    SELECT f, t FROM search_graph ORDER BY ordering;
CREATE VIEW cycles AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) CYCLE f, t SET is_cycle USING path
    SELECT f, label, is_cycle FROM search_graph;
CREATE VIEW both_of_them AS
    WITH RECURSIVE search_graph (f, t, label) AS (SELECT * FROM graph g UNION ALL SELECT g.* FROM graph g, search_graph sg WHERE g.f = sg.t) SEARCH DEPTH FIRST BY f SET seq CYCLE f, t SET is_cycle USING path
    SELECT f, is_cycle, seq[1] IS NULL AS s, path::text AS path FROM search_graph;
