-- majors: 16..18
-- Before 16, a column that is the table's own beside its parent's takes no generation expression in CREATE TABLE (MergeAttributes).
CREATE TABLE p (a int DEFAULT 1, d int GENERATED ALWAYS AS (1 + 1) STORED);
CREATE TABLE c (own int, LIKE p INCLUDING ALL EXCLUDING GENERATED EXCLUDING DEFAULTS, last int) INHERITS (p);
