//! Proving what a plan does about roles: on a private server of its own, since the server that proves the rest has those that its databases
//! name, and owners cannot be dropped.
//!
//! As for databases, what is compared is what the catalogs say, not the model; and the files' own statements are run too, to see what
//! they come to.

mod files;
mod seen;

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::ProofError;
use crate::model::{Ident, Step};
use crate::object::server_role::{self, Grant, Membership, Roles};
use crate::plan::rehearse::message;
use crate::scratch::Scratch;
use files::as_files_say;
use seen::look;

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
