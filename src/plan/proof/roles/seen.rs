//! What the catalogs say of roles.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use crate::model::Ident;

/// What the catalogs say of some roles: of each what it is, and of each membership its grants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub roles: BTreeMap<String, String>,
    pub grants: BTreeMap<(String, String), BTreeSet<String>>,
    all: String,
    owner: String,
}

/// Everything but passwords and numbers.
const ROLES: &str = "SELECT r.rolname::text, (pg_catalog.to_jsonb(r) - ARRAY['oid', 'rolname', 'rolpassword', 'rolconfig'] || pg_catalog.jsonb_build_object( \
        'settings', (SELECT pg_catalog.jsonb_agg(c ORDER BY c) FROM pg_catalog.unnest(r.rolconfig) c), \
        'comment', pg_catalog.shobj_description(r.oid, 'pg_authid')))::text \
    FROM pg_catalog.pg_roles r WHERE r.rolname = ANY ($1)";
/// What whoever runs the plan has granted is on record in the name of that role, which is another one on a scratch server.
const GRANTS: &str = "SELECT g.rolname::text, m.rolname::text, (pg_catalog.to_jsonb(a) - ARRAY['oid', 'roleid', 'member', 'grantor'] || \
        pg_catalog.jsonb_build_object('grantor', CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 \
            THEN nullif(pg_catalog.pg_get_userbyid(a.grantor)::text, $2) END))::text \
    FROM pg_catalog.pg_auth_members a \
    JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member \
    WHERE g.rolname = ANY ($1) AND m.rolname = ANY ($1)";
const FOR_ALL: &str = "SELECT coalesce((SELECT pg_catalog.array_to_string(ARRAY(SELECT c FROM pg_catalog.unnest(s.setconfig) c ORDER BY c), ', ') \
    FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = 0 AND s.setrole = 0), ''), \
    (SELECT pg_catalog.pg_get_userbyid(d.datdba)::text FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())";

/// Looks at some roles, and the memberships between them.
///
/// # Errors
/// Where the server is lost.
pub async fn look(client: &Client, names: &BTreeSet<Ident>, grantor: Option<&Ident>) -> Result<Seen, tokio_postgres::Error> {
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    let mut seen = Seen::default();
    for row in client.query(ROLES, &[&names]).await? {
        seen.roles.insert(row.try_get(0)?, row.try_get(1)?);
    }
    for row in client.query(GRANTS, &[&names, &grantor.map(Ident::as_str)]).await? {
        seen.grants.entry((row.try_get(0)?, row.try_get(1)?)).or_default().insert(row.try_get(2)?);
    }
    let row = client.query_one(FOR_ALL, &[]).await?;
    (seen.all, seen.owner) = (row.try_get(0)?, row.try_get(1)?);
    Ok(seen)
}

impl Seen {
    /// What differs, in lines.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        let word = |what: Option<&String>| what.cloned().unwrap_or_else(|| "none".to_owned());
        for name in self.roles.keys().chain(other.roles.keys()).collect::<BTreeSet<_>>() {
            let (left, right) = (self.roles.get(name), other.roles.get(name));
            if left != right {
                lines.push(format!("role {name}: {} / {}", word(left), word(right)));
            }
        }
        let shown = |grants: Option<&BTreeSet<String>>| {
            grants.map_or_else(|| "none".to_owned(), |all| all.iter().cloned().collect::<Vec<_>>().join(" "))
        };
        for key in self.grants.keys().chain(other.grants.keys()).collect::<BTreeSet<_>>() {
            let (left, right) = (self.grants.get(key), other.grants.get(key));
            if left != right {
                lines.push(format!("member {} of {}: {} / {}", key.1, key.0, shown(left), shown(right)));
            }
        }
        for (what, left, right) in [("settings of all roles", &self.all, &other.all), ("owner of the database", &self.owner, &other.owner)]
        {
            if left != right {
                lines.push(format!("{what}: {left} / {right}"));
            }
        }
        lines
    }

    /// What is said of these roles alone.
    pub fn of(mut self, those: &Self) -> Self {
        self.roles.retain(|name, _| those.roles.contains_key(name));
        self
    }
}
