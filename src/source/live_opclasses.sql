-- Which operator classes go without saying, for which types.
SELECT o.oid, o.opcintype FROM pg_catalog.pg_opclass o WHERE o.opcdefault
