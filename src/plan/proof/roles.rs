//! Proving what a plan does about roles: on a private server of its own, since the server that proves the rest has those that its databases
//! name, and owners cannot be dropped.
//!
//! As for databases, what is compared is what the catalogs say, not the model; and the files' own statements are run too, to see what
//! they come to.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::ProofError;
use crate::model::{Ident, Step};
use crate::object::database;
use crate::object::server_role::{self, Grant, Membership, Roles};
use crate::scratch::Scratch;

/// What is to be proved.
pub struct Claim<'a> {
    /// What the server has of the roles that are spoken of; what is not known to be there is not.
    pub present: &'a Roles,
    /// What files say.
    pub said: &'a Roles,
    /// How they say it, in any order; nothing where there are no files.
    pub statements: &'a [String],
    /// Up, as far as it is about roles.
    pub up: &'a [Step],
    /// Down.
    pub down: &'a [Step],
}

/// What the catalogs say of some roles: of each what it is, and of each membership its grants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    roles: BTreeMap<String, String>,
    grants: BTreeMap<(String, String), BTreeSet<String>>,
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
    fn differences(&self, other: &Self) -> Vec<String> {
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
    fn of(mut self, those: &Self) -> Self {
        self.roles.retain(|name, _| those.roles.contains_key(name));
        self
    }
}

/// Carries out the proof on a server that has none of the roles yet. Lines say what is wrong.
///
/// # Errors
/// Where the server is lost.
pub async fn prove(scratch: &mut Scratch, claim: &Claim<'_>) -> Result<Vec<String>, ProofError> {
    let database = scratch.database(None).await?;
    let connection = scratch.connect(&database, None).await?;
    let client = &connection.client;
    let names: BTreeSet<Ident> = claim.present.names().union(&claim.said.names()).cloned().collect();
    let mut why = match build(scratch, client, claim.present, claim.said, &names).await? {
        Err(why) => vec![format!("the present roles cannot be made: {why}")],
        Ok(()) => there_and_back(client, claim.up, claim.down, &names).await?,
    };
    if why.is_empty() && !claim.statements.is_empty() {
        why = as_files_say(scratch, client, claim, &names).await?;
    }
    connection.close().await;
    Ok(why)
}

/// Makes the present state, and roles that nobody speaks of but others need.
async fn build(
    scratch: &mut Scratch,
    client: &Client,
    present: &Roles,
    said: &Roles,
    names: &BTreeSet<Ident>,
) -> Result<Result<(), String>, ProofError> {
    let major = scratch.major();
    let made = |name: &Ident| present.roles.contains_key(name) || said.roles.get(name).is_some_and(|role| role.whole || role.dropped);
    for name in names.iter().chain(&present.database_owner).filter(|name| !made(name) && !is_reserved(name)) {
        scratch.ensure_role(name.as_str(), false).await?;
    }
    let mut wanted = present.clone();
    wanted.roles.retain(|name, _| !is_reserved(name));
    for grant in present.members.keys() {
        let Some(grantor) = grant.grantor.as_ref().filter(|grantor| present.grantor.as_ref() != Some(*grantor)) else { continue };
        let may = |key: &Grant, with: &Membership| key.role == grant.role && key.member == *grantor && with.admin == Some(true);
        if !wanted.members.iter().any(|(key, with)| may(key, with)) {
            let with = Membership { admin: Some(true), ..Membership::default() };
            let key = Grant { grantor: present.grantor.clone(), ..Grant::new(grant.role.clone(), grantor.clone()) };
            wanted.members.insert(key, with);
        }
    }
    let mut now = server_role::read(client, major, &mut wanted.clone()).await?;
    now.grantor.clone_from(&present.grantor);
    let [up, _] = server_role::changes(&now, &wanted, major);
    Ok(run(client, &up.around(Vec::new())).await)
}

fn is_reserved(name: &Ident) -> bool {
    name.as_str().starts_with("pg_")
}

/// Up, down and up again, on the server of a session. Lines say what is wrong.
///
/// # Errors
/// Where the server is lost.
pub async fn there_and_back(client: &Client, up: &[Step], down: &[Step], names: &BTreeSet<Ident>) -> Result<Vec<String>, ProofError> {
    let me = whoever_runs(client).await?;
    let before = look(client, names, Some(&me)).await?;
    let mut after = None;
    for (stage, steps) in [("up", up), ("down", down), ("up again", up)] {
        if let Err(refused) = run(client, steps).await {
            return Ok(vec![format!("{stage}: {refused}")]);
        }
        let seen = look(client, names, Some(&me)).await?;
        let differences = match (stage, &after) {
            // Roles that up made stay.
            ("down", _) => seen.of(&before).differences(&before),
            (_, Some(after)) => seen.differences(after),
            (_, None) => {
                after = Some(seen);
                continue;
            }
        };
        if !differences.is_empty() {
            return Ok(told(stage, differences));
        }
    }
    Ok(Vec::new())
}

async fn whoever_runs(client: &Client) -> Result<Ident, tokio_postgres::Error> {
    Ok(Ident::new(&client.query_one("SELECT CURRENT_USER::text", &[]).await?.try_get::<_, String>(0)?))
}

/// Runs the files' statements where the roles that they create are not there yet, and nothing is said of the memberships that they grant: what
/// comes out is what up has led to, but for memberships that nobody speaks of.
async fn as_files_say(
    scratch: &mut Scratch,
    client: &Client,
    claim: &Claim<'_>,
    names: &BTreeSet<Ident>,
) -> Result<Vec<String>, ProofError> {
    let me = whoever_runs(client).await?;
    let came_out = look(client, names, Some(&me)).await?;
    clear(client, names, &me).await?;
    let mut start = claim.present.clone();
    let is_made = |name: &Ident| *name != me && claim.said.roles.get(name).is_some_and(|role| role.whole && !role.dropped);
    let is_dropped = |name: &Ident| claim.said.dropped().any(|dropped| dropped == name);
    start.roles.retain(|name, _| !is_made(name));
    start.members.retain(|key, _| {
        !key.names().any(is_made) && !key.grantor.as_ref().is_some_and(is_dropped) && !claim.said.members.keys().any(|said| said.is_of(key))
    });
    if let Err(why) = build(scratch, client, &start, claim.said, names).await? {
        return Ok(vec![format!("the present roles cannot be made: {why}")]);
    }
    let mut rest: Vec<&String> = claim.statements.iter().collect();
    while !rest.is_empty() {
        let (mut waiting, mut why) = (Vec::new(), Vec::new());
        for sql in &rest {
            if let Err(error) = client.batch_execute(sql).await {
                waiting.push(*sql);
                why.push(format!("the files' own statement fails: {}", message(&error)));
            }
        }
        if waiting.len() == rest.len() {
            return Ok(why);
        }
        rest = waiting;
    }
    let wanted = look(client, names, Some(&me)).await?;
    let lines = otherwise(claim, &came_out, &wanted);
    Ok(if lines.is_empty() { lines } else { told("the files' own statements", lines) })
}

/// Where what came out is not what is wanted of all that is said.
fn otherwise(claim: &Claim<'_>, came_out: &Seen, wanted: &Seen) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, is) in &wanted.roles {
        if came_out.roles.get(name) != Some(is) {
            lines.push(format!("role {name}: {} / {is}", came_out.roles.get(name).map_or("none", String::as_str)));
        }
    }
    lines.extend(came_out.roles.keys().filter(|name| !wanted.roles.contains_key(*name)).map(|name| format!("role {name} is there")));
    // What a dropped role had granted is granted anew by whoever runs the plan, of which the files know nothing.
    let is_taken_over = |key: &(String, String)| {
        let of_dropped =
            |grant: &&Grant| grant.grantor.as_ref().is_some_and(|grantor| claim.said.dropped().any(|dropped| dropped == grantor));
        claim.present.members.keys().filter(of_dropped).any(|grant| grant.role.as_str() == key.0 && grant.member.as_str() == key.1)
    };
    for (key, grants) in wanted.grants.iter().filter(|(key, _)| !is_taken_over(key)) {
        let said = claim.said.members.iter().find(|(grant, _)| grant.role.as_str() == key.0 && grant.member.as_str() == key.1);
        let inherits = said.is_some_and(|(_, with)| with.inherit.is_some());
        let has = came_out.grants.get(key).map(|grants| options(grants, inherits));
        if has.as_ref() != Some(&options(grants, inherits)) {
            lines.push(format!("member {} of {}: {has:?} / {:?}", key.1, key.0, options(grants, inherits)));
        }
    }
    let taken = claim.said.members.iter().filter(|(_, with)| with.revoked).map(|(key, _)| key);
    for key in taken.filter(|key| key.grantor.is_none()) {
        if came_out.grants.contains_key(&(key.role.as_str().to_owned(), key.member.as_str().to_owned())) {
            lines.push(format!("member {} of {} is there", key.member, key.role));
        }
    }
    lines
}

/// What a member has of any of its grants.
fn options(grants: &BTreeSet<String>, inherits: bool) -> BTreeSet<String> {
    let read = grants.iter().filter_map(|grant| serde_json::from_str::<BTreeMap<String, serde_json::Value>>(grant).ok());
    let on = read.flatten().filter(|(name, value)| value.as_bool() == Some(true) && (inherits || name != "inherit_option"));
    on.map(|(name, _)| name).collect()
}

/// Drops the roles, whatever is between them.
async fn clear(client: &Client, names: &BTreeSet<Ident>, me: &Ident) -> Result<(), ProofError> {
    client.batch_execute(&database::whatever_its_name(|name| format!("ALTER DATABASE {name} OWNER TO {me}"))).await?;
    client.batch_execute("ALTER ROLE ALL RESET ALL").await?;
    let mut rest: Vec<&Ident> = names.iter().filter(|name| *name != me && !is_reserved(name)).collect();
    loop {
        let mut waiting = Vec::new();
        for name in &rest {
            if client.batch_execute(&format!("DROP ROLE IF EXISTS {name}")).await.is_err() {
                waiting.push(*name);
            }
        }
        if waiting.is_empty() || waiting.len() == rest.len() {
            return Ok(());
        }
        rest = waiting;
    }
}

fn told(stage: &str, differences: Vec<String>) -> Vec<String> {
    let head = format!("{stage}: roles are not what they should be (left: what came out, right: what should)");
    std::iter::once(head).chain(differences).collect()
}

async fn run(client: &Client, steps: &[Step]) -> Result<(), String> {
    for step in steps {
        let told = |error: tokio_postgres::Error| format!("{}: {}", step.sql, message(&error));
        client.batch_execute(&step.sql).await.map_err(told)?;
    }
    Ok(())
}

fn message(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |refused| refused.message().to_owned())
}
