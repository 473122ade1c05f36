-- Which operator classes go without saying, for which types.
SELECT o.oid, o.opcintype, o.opcmethod, o.opckeytype FROM pg_catalog.pg_opclass o WHERE o.opcdefault
