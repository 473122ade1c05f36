-- majors: 18..18
CREATE TABLE t (id integer, b text, n numeric, v integer GENERATED ALWAYS AS (id * 2), w text GENERATED ALWAYS AS (lower(b) || '-' || id) VIRTUAL, s text GENERATED ALWAYS AS (coalesce(b, 'x')) STORED, x numeric GENERATED ALWAYS AS (n * 1e2) VIRTUAL, CHECK (v > 1 AND w <> 'x'));
CREATE VIEW view AS SELECT v, w, v + 1 AS more, w || 'x' AS joined FROM t WHERE v > 5 AND w IN ('a', 'b');
CREATE POLICY rows ON t USING (v > 1 AND w = 'x');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER changed BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION f();
CREATE VIEW functions AS SELECT uuidv7() AS u, casefold(b) AS c, array_sort(ARRAY[3, 1]) AS s, array_reverse('{1,2}'::int[]) AS r FROM t;
