-- What src/analyze/builtin/extensions.txt is made of: psql -XAtqf tools/extensions.sql, on 14 and on 18, in a database that goes afterwards,
-- sorted and made unique. Fields are parted by tabs: extension, what it is (t type, c cast, o operator, f function), and then as
-- types.txt, casts.txt, operators.txt and functions.txt have it; of a domain, what it is made of. Types of extensions are written
-- extension/type, and arrays of them _extension/type.
SET client_min_messages = error;
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT e.name FROM pg_catalog.pg_available_extensions e ORDER BY e.name LOOP
    BEGIN
      EXECUTE pg_catalog.format('CREATE SCHEMA %I', 'of ' || name);
      EXECUTE pg_catalog.format('CREATE EXTENSION %I SCHEMA %I CASCADE', name, 'of ' || name);
    EXCEPTION WHEN OTHERS THEN
      -- CASCADE has made it, it has a schema of its own, or its language is not there.
      NULL;
    END;
  END LOOP;
END $$;
CREATE TEMP VIEW member AS SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e' AND e.extname !~ '^pl|_pl|handler$';
CREATE TEMP VIEW named AS SELECT t.oid, COALESCE('_' || n.extname || '/' || l.typname, m.extname || '/' || t.typname, t.typname) AS name
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type l ON l.oid = t.typelem AND l.typarray = t.oid
LEFT JOIN member m ON m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid
LEFT JOIN member n ON n.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND n.objid = l.oid;
SELECT pg_catalog.concat_ws(E'\t', m.extname, 't', t.typname, t.typcategory, CASE WHEN t.typispreferred THEN 'p' ELSE '' END, t.typtype, COALESCE(b.name, ''))
FROM member m JOIN pg_catalog.pg_type t ON t.oid = m.objid LEFT JOIN named b ON b.oid = t.typbasetype
WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.typname !~ '^_';
SELECT pg_catalog.concat_ws(E'\t', m.extname, 'c', s.name, t.name, c.castcontext, c.castmethod)
FROM member m JOIN pg_catalog.pg_cast c ON c.oid = m.objid JOIN named s ON s.oid = c.castsource JOIN named t ON t.oid = c.casttarget
WHERE m.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass;
SELECT pg_catalog.concat_ws(E'\t', m.extname, 'o', o.oprname, COALESCE(l.name, ''), r.name, t.name)
FROM member m JOIN pg_catalog.pg_operator o ON o.oid = m.objid LEFT JOIN named l ON l.oid = o.oprleft JOIN named r ON r.oid = o.oprright JOIN named t ON t.oid = o.oprresult
WHERE m.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass;
SELECT m.extname || E'\tf\t' || p.proname || E'\t' || COALESCE((SELECT pg_catalog.string_agg(t.name, ' ' ORDER BY a.n) FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a (t, n) JOIN named t ON t.oid = a.t), '')
  || E'\t' || r.name || E'\t'
  || pg_catalog.concat_ws(' ', CASE WHEN p.proretset THEN 's' END, CASE WHEN p.provariadic <> 0 THEN 'v' END, 'd' || NULLIF(p.pronargdefaults, 0), CASE p.prokind WHEN 'a' THEN 'a' WHEN 'w' THEN 'w' END)
  || E'\t' || COALESCE((SELECT pg_catalog.string_agg(COALESCE(NULLIF(p.proargnames[a.n], ''), '') || ':' || t.name, ' ' ORDER BY a.n)
                      FROM ROWS FROM (pg_catalog.unnest(p.proallargtypes), pg_catalog.unnest(p.proargmodes)) WITH ORDINALITY a (t, m, n) JOIN named t ON t.oid = a.t WHERE a.m IN ('o', 'b', 't')), '')
  || COALESCE(E'\t' || (SELECT pg_catalog.string_agg(p.proargnames[a.n], ' ' ORDER BY a.n)
                       FROM pg_catalog.unnest(COALESCE(p.proargmodes, pg_catalog.array_fill('i'::"char", ARRAY[p.pronargs::integer]))) WITH ORDINALITY a (m, n)
                       WHERE a.m IN ('i', 'b', 'v') AND p.proargnames[a.n] <> ''), '')
FROM member m JOIN pg_catalog.pg_proc p ON p.oid = m.objid JOIN named r ON r.oid = p.prorettype
WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
  AND r.name !~ 'handler$' AND r.name NOT IN ('internal', 'cstring', 'trigger', 'event_trigger')
  AND NOT EXISTS (SELECT FROM pg_catalog.unnest(p.proargtypes) a (t) JOIN pg_catalog.pg_type t ON t.oid = a.t WHERE t.typname IN ('internal', 'cstring', 'pg_ddl_command'));
