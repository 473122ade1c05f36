//! The canonical form of what a file says, held against that of what a server makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::agree::said;
use support::{majors, on_each};
use trueup::analyze::Scope;
use trueup::canon::canonicalize;
use trueup::model::{Catalog, ObjectId, QName};
use trueup::object::view::{Output, View};
use trueup::object::{Kind, Object, Session};
use trueup::scratch::Scratch;
use trueup::source::connect::Connection;
use trueup::source::files::{self, SourceFile};
use trueup::source::live;
use trueup::sql;

/// Files under `tests/canon`: statements that make the tables, then queries and expressions, one in each paragraph.
const SCHEMA: &str = include_str!("canon/schema.sql");
const QUERIES: &str = include_str!("canon/queries.sql");
const CHECKS: &str = include_str!("canon/checks.sql");
/// Statements in the first paragraph, then two queries in each, with `/` between them, that look alike and mean different things.
const APART: &str = include_str!("canon/apart.sql");

/// Paragraphs, with those left out whose first line says `-- since N` or `-- until N` of another major.
fn paragraphs(text: &'static str, major: u32) -> Vec<&'static str> {
    let fits = |paragraph: &&str| {
        let first = paragraph.lines().next().unwrap_or_default();
        let number = |word: &str| first.strip_prefix(word).and_then(|rest| rest.trim().parse::<u32>().ok());
        number("-- since").is_none_or(|since| major >= since) && number("-- until").is_none_or(|until| major <= until)
    };
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).filter(fits).collect()
}

/// Every expression of an object: its text, and its canonical form.
fn texts(catalog: &Catalog, id: &ObjectId) -> (String, String) {
    let mut object: Object = catalog.object(id).unwrap_or_else(|| panic!("{id} is not there")).clone();
    object.exprs().first().map(|expr| (expr.sql.clone(), expr.key().to_owned())).unwrap_or_default()
}

/// Makes everything on the server; what each is called, and what was written.
async fn make(session: &Connection, major: u32) -> Vec<(ObjectId, &'static str)> {
    session.client.batch_execute(SCHEMA).await.unwrap();
    let mut made = Vec::new();
    for (at, query) in paragraphs(QUERIES, major).into_iter().enumerate() {
        let name = format!("view_{at}");
        session.client.batch_execute(&format!("CREATE VIEW public.{name} AS {query}")).await.unwrap_or_else(|e| panic!("{query}: {e:?}"));
        made.push((ObjectId::in_schema(Kind::View, QName::new("public", name.as_str())), query));
    }
    for (at, check) in paragraphs(CHECKS, major).into_iter().enumerate() {
        let name = format!("check_{at}");
        let add = format!("ALTER TABLE public.items ADD CONSTRAINT {name} CHECK ({check})");
        session.client.batch_execute(&add).await.unwrap_or_else(|e| panic!("{check}: {e:?}"));
        made.push((ObjectId::on(Kind::Constraint, QName::new("public", "items"), name.as_str()), check));
    }
    made
}

/// What the work finds on all majors, each with the major that it was found on.
fn found_on_each(work: impl AsyncFn(&mut Scratch) -> Vec<String> + Sync) -> Vec<String> {
    let on_majors = on_each(&majors("CANON_MAJORS"), work);
    on_majors.into_iter().flat_map(|(major, found)| found.into_iter().map(move |text| format!("PostgreSQL {major}: {text}"))).collect()
}

/// What is not the same: what was written, what came of it, and both canonical forms.
async fn differences(server: &mut Scratch) -> Vec<String> {
    let major = server.major();
    let database = server.database(None).await.unwrap();
    let session = server.connect(&database, None).await.unwrap();
    let made = make(&session, major).await;
    let mut live = live::read(&session.client, major, &live::Scope::default()).await.unwrap();
    session.close().await;
    let mut said = live.clone();
    let interpreter = Session::new(live.clone());
    let table = ObjectId::in_schema(Kind::Table, QName::new("public", "items"));
    let mut differences = Vec::new();
    for (id, text) in &made {
        let resolved = if id.kind == Kind::View {
            let query = interpreter.query(&sql::parse_one(text).unwrap(), &Scope::None);
            query.map(|(query, _, columns, _)| Object::from(View { query, columns: Output(columns), options: Default::default() }))
        } else {
            interpreter.expression(&sql::parse_expr(text).unwrap(), &Scope::Table(&table)).map(|(expr, _)| {
                let mut object = live.object(id).unwrap().clone();
                *object.exprs().remove(0) = expr;
                object
            })
        };
        match resolved {
            Ok(object) => said.get_mut(id).unwrap().object = object,
            Err(error) => differences.push(format!("{text}\n  not resolved: {error}")),
        }
    }
    canonicalize(&mut said);
    canonicalize(&mut live);
    for (id, text) in &made {
        let ((file, said), (server, made)) = (texts(&said, id), texts(&live, id));
        if said != made {
            differences.push(format!("{text}\n  file:   {file}\n  server: {server}\n  file key:   {said}\n  server key: {made}"));
        }
    }
    differences
}

#[test]
fn files_and_servers_agree() {
    let all = found_on_each(differences);
    assert!(all.is_empty(), "{} differ:\n{}", all.len(), all.join("\n\n"));
}

/// A view of a query, or a function with a body.
async fn statement(session: &Connection, name: &str, text: &str) -> String {
    if text.starts_with("BEGIN ATOMIC") {
        return format!("CREATE FUNCTION public.{name}(a integer, p s.pair) RETURNS void LANGUAGE sql {};\n", text.replace("SELF", name));
    }
    let width = session.client.prepare(text).await.unwrap_or_else(|error| panic!("{text}: {error:?}")).columns().len();
    let columns = (0..width).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ");
    format!("CREATE VIEW public.{name} ({columns}) AS {text};\n")
}

/// Which two have one canonical form, as they are written or as the server writes them.
async fn taken_for_one(server: &mut Scratch) -> Vec<String> {
    let major = server.major();
    let database = server.database(None).await.unwrap();
    let session = server.connect(&database, None).await.unwrap();
    let (schema, pairs) = APART.split_once("\n\n").unwrap();
    session.client.batch_execute(schema).await.unwrap();
    let pairs: Vec<(&str, &str)> = paragraphs(pairs, major).into_iter().map(|pair| pair.split_once("\n/\n").unwrap()).collect();
    let mut text = schema.to_owned();
    for (at, query) in pairs.iter().flat_map(|(one, other)| [one, other]).enumerate() {
        let made = statement(&session, &format!("apart_{at}"), query).await;
        session.client.batch_execute(&made).await.unwrap_or_else(|error| panic!("{made}: {error:?}"));
        text += &made;
    }
    let mut live = live::read(&session.client, major, &live::Scope::default()).await.unwrap();
    session.close().await;
    let files = files::parse(vec![SourceFile { path: "apart.sql".to_owned(), text }]).unwrap();
    let mut said = said(&files, major).unwrap_or_else(|error| panic!("{error}"));
    canonicalize(&mut said);
    canonicalize(&mut live);
    let of = |catalog: &Catalog, at: usize| {
        let name = QName::new("public", format!("apart_{at}").as_str());
        let routine = catalog.routines_named(&name).next().cloned();
        texts(catalog, &routine.unwrap_or_else(|| ObjectId::in_schema(Kind::View, name)))
    };
    let mut found = Vec::new();
    for (at, (one, other)) in pairs.iter().enumerate() {
        for (what, catalog) in [("written", &said), ("written by the server", &live)] {
            let ((text, key), (other_text, other_key)) = (of(catalog, 2 * at), of(catalog, 2 * at + 1));
            // What the server itself writes alike is lost (columns of USING with an alias, seen from another such join).
            if key == other_key && text != other_text {
                found.push(format!("as they are {what}:\n  {one}\n  {other}\n  {key}"));
            }
        }
    }
    found
}

#[test]
fn meanings_stay_apart() {
    let all = found_on_each(taken_for_one);
    assert!(all.is_empty(), "{} are taken for one:\n{}", all.len(), all.join("\n\n"));
}
