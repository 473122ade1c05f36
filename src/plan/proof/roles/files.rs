//! What the files' own statements about roles come to.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::seen::{Seen, look};
use super::{Claim, build, is_reserved, told, whoever_runs};
use crate::model::Ident;
use crate::object::database;
use crate::object::server_role::Grant;
use crate::plan::proof::ProofError;
use crate::plan::rehearse::message;
use crate::scratch::Scratch;

/// Runs the files' statements where the roles that they create are not there yet, and nothing is said of the memberships that they grant: what
/// comes out is what up has led to, but for memberships that nobody speaks of.
pub async fn as_files_say(
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
