//! What the server has of the roles that files speak of.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{Client, Error, Row};

use super::memberships::GRANTORS_SINCE;
use super::{Flag, Grant, Membership, Role, Roles};
use crate::model::Ident;
use crate::object::routine::Setting;
use crate::source::live::for_major;

/// Everybody may read these views; passwords are in none of them.
const ROLES: &str = include_str!("roles.sql");
const MEMBERS: &str = include_str!("members.sql");
const OWNER: &str =
    "SELECT pg_catalog.pg_get_userbyid(d.datdba)::text FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";
/// What a superuser grants is on record as granted by the bootstrap superuser (`check_role_grantor` in src/backend/commands/user.c).
const GRANTOR: &str = "SELECT pg_catalog.pg_get_userbyid(CASE WHEN r.rolsuper THEN 10 ELSE r.oid END)::text FROM pg_catalog.pg_roles r \
    WHERE r.rolname = CURRENT_USER";
/// No end, as no statement says it who says nothing.
const INFINITY: &str = "infinity";
const SETTINGS: &str = "SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = 0 AND s.setrole = 0";

/// Reads some roles, and the memberships between them. Times in what files say are brought to the server's spelling.
///
/// # Errors
/// Where the server is lost, or takes a time for none.
pub async fn read(client: &Client, major: u32, said: &mut Roles) -> Result<Roles, Error> {
    let names: Vec<String> = said.names().iter().map(|name| name.as_str().to_owned()).collect();
    let mut found = Roles::default();
    for row in client.query(ROLES, &[&names]).await? {
        found.roles.insert(Ident::new(row.try_get("rolname")?), role(&row)?);
    }
    let dropped: Vec<&str> = said.dropped().map(Ident::as_str).collect();
    for row in client.query(&for_major(MEMBERS, major), &[&names, &dropped]).await? {
        let with = Membership {
            revoked: false,
            admin: row.try_get("admin_option")?,
            inherit: row.try_get("inherit_option")?,
            set: row.try_get("set_option")?,
        };
        let grantor: Option<String> = row.try_get("grantor")?;
        let key = Grant::new(Ident::new(row.try_get("role")?), Ident::new(row.try_get("member")?));
        found.members.insert(Grant { grantor: grantor.map(|name| Ident::new(&name)), ..key }, with);
    }
    for row in client.query(SETTINGS, &[]).await? {
        found.for_all.extend(settings(&row, "setconfig")?);
    }
    if major >= GRANTORS_SINCE {
        found.grantor = Some(Ident::new(client.query_one(GRANTOR, &[]).await?.try_get(0)?));
    }
    let owner = client.query_one(OWNER, &[]).await?;
    found.database_owner = Some(Ident::new(owner.try_get(0)?));
    for role in said.roles.values_mut() {
        if let Some(text) = role.valid_until.as_mut().filter(|text| !text.is_empty()) {
            let row = client
                .query_one("SELECT pg_catalog.timestamptz($1::pg_catalog.text::pg_catalog.timestamptz)::pg_catalog.text", &[text])
                .await?;
            *text = row.try_get(0)?;
            if text == INFINITY {
                text.clear();
            }
        }
    }
    Ok(found)
}

fn role(row: &Row) -> Result<Role, Error> {
    let mut flags = BTreeMap::new();
    for flag in Flag::ALL {
        flags.insert(flag, row.try_get(flag.keyword().to_ascii_lowercase().as_str())?);
    }
    Ok(Role {
        whole: true,
        dropped: false,
        flags,
        limit: Some(i64::from(row.try_get::<_, i32>("rolconnlimit")?)),
        valid_until: Some(row.try_get::<_, Option<String>>("rolvaliduntil")?.filter(|text| text != INFINITY).unwrap_or_default()),
        has_password: false,
        settings: settings(row, "rolconfig")?,
        resets: false,
        comment: Some(row.try_get::<_, Option<String>>("comment")?.unwrap_or_default()),
    })
}

fn settings(row: &Row, column: &str) -> Result<BTreeMap<String, Option<Setting>>, Error> {
    let texts: BTreeSet<String> = row.try_get::<_, Option<Vec<String>>>(column)?.unwrap_or_default().into_iter().collect();
    let pairs = texts.iter().filter_map(|text| text.split_once('='));
    Ok(pairs.map(|(name, value)| (name.to_owned(), Some(Setting { name: name.to_owned(), value: value.to_owned() }))).collect())
}
