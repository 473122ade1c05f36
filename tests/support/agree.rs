//! What the interpreter makes of DDL, held against what a server makes of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use trueup::canon::canonicalize;
use trueup::model::{Catalog, Entry, ObjectId};
use trueup::object::Kind;
use trueup::plan::make;
use trueup::plan::merge::merge;
use trueup::scratch::Scratch;
use trueup::source::files::SchemaFiles;
use trueup::source::interpret::{self, new_database};
use trueup::source::live;

/// Why a server did not give a catalog.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Refusal {
    /// It does not take the statements.
    Statement(String),
    /// It took them, and what they made cannot be read.
    Reading(String),
}

/// How two catalogs of the same statements differ, for people.
#[derive(Debug, Default)]
pub struct Disagreement {
    /// Objects that are not the same.
    pub objects: Vec<String>,
    /// Objects that do not need the same.
    pub needs: Vec<String>,
}

/// What the interpreter makes of the files, or why it does not.
pub fn said(files: &SchemaFiles, major: u32) -> Result<Catalog, String> {
    let files = &SchemaFiles { role: Some("postgres".into()), ..files.clone() };
    interpret::interpret(files, new_database(major)).map(|session| session.catalog).map_err(|error| error.to_string())
}

/// What the server makes of the files, or why it does not.
pub async fn made(files: &SchemaFiles, server: &mut Scratch) -> Result<Catalog, Refusal> {
    let major = server.major();
    let (database, session, _) =
        make::loaded(server, &Arc::new(files.clone()), "postgres", false).await.map_err(|error| Refusal::Statement(error.to_string()))?;
    let result = live::read(&session.client, major, &live::Scope::default()).await.map_err(|error| Refusal::Reading(error.to_string()));
    session.close().await;
    server.drop_database(&database).await.unwrap();
    result
}

/// Holds one against the other.
pub fn compare(files: &SchemaFiles, said: Catalog, mut made: Catalog) -> Disagreement {
    let mut said = merge(&made, said, &files.speaks());
    canonicalize(&mut said);
    canonicalize(&mut made);
    let ids: BTreeSet<&ObjectId> = said.iter().chain(made.iter()).map(|(id, _)| id).collect();
    let mut all = Disagreement::default();
    for id in ids {
        match (said.get(id), made.get(id)) {
            // What the extension itself says.
            (None, Some(_)) if id.kind == Kind::Comment && id.target().is_some_and(|target| target.kind == Kind::Extension) => {}
            (Some(_), None) => all.objects.push(format!("+ {id} is only interpreted")),
            (None, Some(entry)) => {
                all.objects.push(format!("- {id} is only on the server: {}", json(entry).replace(['\n', ' '], "")));
            }
            (Some(said), Some(made)) => {
                let object = states(said, made);
                if !object.is_empty() {
                    all.objects.push(format!("  {id}\n{}", object.join("\n")));
                }
                let needs = needs(id, said, made);
                if !needs.is_empty() {
                    all.needs.push(format!("  {id}\n{}", needs.join("\n")));
                }
            }
            (None, None) => {}
        }
    }
    all
}

fn states(said: &Entry, made: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    if said.object != made.object {
        let (server, interpreted) = (json(made), json(said));
        let diff = TextDiff::from_lines(&server, &interpreted);
        for change in diff.iter_all_changes() {
            match change.tag() {
                ChangeTag::Delete => lines.push(format!("    server:      {}", change.value().trim())),
                ChangeTag::Insert => lines.push(format!("    interpreted: {}", change.value().trim())),
                ChangeTag::Equal => {}
            }
        }
    }
    for (what, said, made) in [("parent", &said.parent, &made.parent), ("auto", &said.auto, &made.auto)] {
        if said != made {
            lines.push(format!("    {what}: {} on the server, interpreted {}", shown(made.as_ref()), shown(said.as_ref())));
        }
    }
    lines
}

/// Satellites need their target, columns of views are objects only where something is said of them, and the schema public, which
/// every database has, is none that the server notes.
fn needs(id: &ObjectId, said: &Entry, made: &Entry) -> Vec<String> {
    if id.target().is_some() && !id.is_link() {
        return Vec::new();
    }
    let counts = |need: &&ObjectId| need.kind != Kind::ViewColumn && **need != interpret::public();
    let mut lines = Vec::new();
    lines.extend(made.needs.difference(&said.needs).filter(counts).map(|need| format!("    needs {need} on the server")));
    lines.extend(said.needs.difference(&made.needs).filter(counts).map(|need| format!("    needs {need} as interpreted")));
    lines
}

fn shown(id: Option<&ObjectId>) -> String {
    id.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

fn json(entry: &Entry) -> String {
    let keys: Vec<String> = entry.object.clone().exprs().into_iter().map(|expr| format!("canonical: {}", expr.key())).collect();
    serde_json::to_string_pretty(&entry.object).unwrap() + "\n" + &keys.join("\n") + "\n"
}
