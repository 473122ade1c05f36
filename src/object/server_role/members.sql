-- From 16 on several roles may have granted the same membership: a member has what any of them gives.
SELECT g.rolname::text AS role, m.rolname::text AS member, pg_catalog.bool_or(a.admin_option) AS admin_option,
       NULL::boolean AS inherit_option, NULL::boolean AS set_option -- until 15
       pg_catalog.bool_or(a.inherit_option) AS inherit_option, pg_catalog.bool_or(a.set_option) AS set_option -- since 16
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE g.rolname = ANY ($1::text[]) AND m.rolname = ANY ($1::text[])
GROUP BY 1, 2
