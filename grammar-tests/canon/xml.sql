CREATE TABLE t (id integer PRIMARY KEY, doc xml, name text, label varchar(20), amount numeric);
CREATE VIEW made AS SELECT
    xmlelement(name a) AS empty, xmlelement(NAME "B c", name) AS quoted, xmlelement(name d, xmlattributes(id, label AS "Label", 'x' AS y), 'text', name, 5) AS attributes,
    xmlforest(id, name AS n, 'x' AS lit) AS forest, xmlconcat(doc, xmlelement(name e)) AS concat, xmlconcat('<a/>', doc) AS concat_literal,
    xmlpi(name php) AS pi, xmlpi(name php, 'echo') AS pi_text, xmlroot(doc, version '1.0') AS root, xmlroot(doc, VERSION NO VALUE, STANDALONE YES) AS root_alone,
    xmlparse(DOCUMENT name) AS parsed, xmlparse(CONTENT '<a>x</a>') AS content, xmlparse(document name PRESERVE WHITESPACE) AS preserved, xmlparse(content label strip whitespace) AS stripped,
    xmlserialize(DOCUMENT doc AS text) AS ser, xmlserialize(content doc as varchar(100)) AS ser_varchar,
    xmlcomment('x') AS comment, xmlagg(doc) OVER () AS agg, xpath('/a', doc) AS path, xpath('/a', doc, ARRAY[ARRAY['x', 'y']]) AS path_ns,
    doc IS DOCUMENT AS is_doc, doc IS NOT DOCUMENT AS not_doc, '<a/>' IS DOCUMENT AS lit_doc, xmlexists('//a' PASSING BY REF doc) AS ex, xmlexists('//a' PASSING doc) AS ex_plain, xmlexists('//b' PASSING BY VALUE doc BY REF) AS ex_both,
    xpath_exists('/a', doc) AS pe, xml_is_well_formed(name) AS well
FROM t;
CREATE VIEW tables AS SELECT x.*, t.name FROM t, XMLTABLE('/rows/row' PASSING t.doc COLUMNS
    nr FOR ORDINALITY, a integer PATH '@a', b text, c varchar(10) PATH 'c/text()' DEFAULT 'none', d numeric(5,2) PATH 'd' NOT NULL, e integer PATH 'e' DEFAULT t.id NOT NULL, f xml PATH 'f' NULL) AS x;
CREATE VIEW spaces AS SELECT x.k FROM XMLTABLE(XMLNAMESPACES('http://x' AS x, 'http://y' AS "Y"), '/x:rows' PASSING BY REF ('<a/>'::xml) COLUMNS k text PATH 'x:k') x WHERE x.k <> 'a';
CREATE VIEW joined AS SELECT y.a, b FROM t LEFT JOIN LATERAL XMLTABLE(('/r' || 's') PASSING doc COLUMNS a int, b text) AS y ON y.a = t.id;
ALTER TABLE t ADD CONSTRAINT is_doc CHECK (doc IS DOCUMENT AND xmlexists('//a' PASSING doc));
ALTER TABLE t ADD COLUMN extra xml DEFAULT xmlelement(name x, 'y');
ALTER TABLE t ADD COLUMN other xml DEFAULT '<a/>';
