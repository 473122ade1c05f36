CREATE TABLE t (
    id int PRIMARY KEY,
    -- trueup: renamed from fname
    first_name varchar(80) NOT NULL
);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF first_name ON t FOR EACH ROW WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name) EXECUTE FUNCTION f();
