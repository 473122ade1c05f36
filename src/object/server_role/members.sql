SELECT g.rolname::text AS role, m.rolname::text AS member, a.admin_option,
       NULL::text AS grantor, NULL::boolean AS inherit_option, NULL::boolean AS set_option -- until 15
       pg_catalog.pg_get_userbyid(a.grantor)::text AS grantor, a.inherit_option, a.set_option -- since 16
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE g.rolname = ANY ($1::text[]) AND m.rolname = ANY ($1::text[])
   OR g.rolname = ANY ($2::text[]) OR m.rolname = ANY ($2::text[])
   OR EXISTS (SELECT FROM pg_catalog.pg_auth_members other
              WHERE other.roleid = a.roleid AND other.member = a.member AND pg_catalog.pg_get_userbyid(other.grantor) = ANY ($2::text[]))
