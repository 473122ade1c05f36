//! The canonical form of what a file says, held against that of what a server makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{majors, pg_root, run};
use trueup::analyze::Scope;
use trueup::canon::canonicalize;
use trueup::model::{Catalog, Ident, ObjectId, QName};
use trueup::object::view::{Output, View};
use trueup::object::{Kind, Object, Session};
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::connect::Connection;
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

/// What is not the same: what was written, what came of it, and both canonical forms.
async fn differences(server: &mut Scratch, major: u32) -> Vec<String> {
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
    let mut all = Vec::new();
    for major in majors("CANON_MAJORS") {
        run(async {
            let bin = pg_root().join(major.to_string()).join("bin");
            let mut server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
            let differences = differences(&mut server, major).await;
            server.stop().await.unwrap();
            all.extend(differences.into_iter().map(|text| format!("PostgreSQL {major}: {text}")));
        });
    }
    assert!(all.is_empty(), "{} differ:\n{}", all.len(), all.join("\n\n"));
}

/// What the server writes for a query of which it made a view, and the canonical forms of the query as it is written and of that.
async fn both_keys(session: &Connection, interpreter: &Session, query: &str, view: &str) -> (String, [String; 2]) {
    let print = format!("SET search_path = ''; SELECT pg_get_viewdef('public.{view}'::regclass)");
    let printed = session.client.simple_query(&print).await.unwrap();
    let printed = printed.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let printed = printed.unwrap().trim_end_matches(';');
    let id = ObjectId::in_schema(Kind::View, QName::new("public", view));
    let keys = [query, printed].map(|text| {
        let (query, ..) = interpreter.query(&sql::parse_one(text).unwrap(), &Scope::None).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut catalog = interpreter.catalog.clone();
        let Object::View(mut made) = catalog.object(&id).unwrap().clone() else { panic!("{view} is no view") };
        made.query = query;
        catalog.get_mut(&id).unwrap().object = made.into();
        canonicalize(&mut catalog);
        texts(&catalog, &id).1
    });
    (printed.to_owned(), keys)
}

/// Which two queries have one canonical form, as they are written or as the server writes them.
async fn taken_for_one(server: &mut Scratch, major: u32) -> Vec<String> {
    let database = server.database(None).await.unwrap();
    let session = server.connect(&database, None).await.unwrap();
    let (schema, pairs) = APART.split_once("\n\n").unwrap();
    session.client.batch_execute(schema).await.unwrap();
    let pairs: Vec<(&str, &str)> = paragraphs(pairs, major).into_iter().map(|pair| pair.split_once("\n/\n").unwrap()).collect();
    for (at, query) in pairs.iter().flat_map(|(one, other)| [one, other]).enumerate() {
        let width = session.client.prepare(query).await.unwrap_or_else(|e| panic!("{query}: {e:?}")).columns().len();
        let columns = (0..width).map(|column| format!("c{column}")).collect::<Vec<_>>().join(", ");
        session.client.batch_execute(&format!("CREATE VIEW public.view_{at} ({columns}) AS {query}")).await.unwrap();
    }
    let mut interpreter = Session::new(live::read(&session.client, major, &live::Scope::default()).await.unwrap());
    interpreter.search_path = ["public", "s"].map(Ident::new).into();
    let mut found = Vec::new();
    for (at, (one, other)) in pairs.iter().enumerate() {
        let (printed, first) = both_keys(&session, &interpreter, one, &format!("view_{}", 2 * at)).await;
        let (other_printed, second) = both_keys(&session, &interpreter, other, &format!("view_{}", 2 * at + 1)).await;
        let same = ["as they are written", "as the server writes them"].into_iter().zip(first.into_iter().zip(second));
        // What the server itself writes alike is lost (columns of USING with an alias, seen from another such join).
        let same = same.take(if printed == other_printed { 1 } else { 2 });
        found.extend(same.filter(|(_, (a, b))| a == b).map(|(what, (key, _))| format!("{what}:\n  {one}\n  {other}\n  {key}")));
    }
    session.close().await;
    found
}

#[test]
fn meanings_stay_apart() {
    let mut all = Vec::new();
    for major in majors("CANON_MAJORS") {
        run(async {
            let bin = pg_root().join(major.to_string()).join("bin");
            let mut server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
            let found = taken_for_one(&mut server, major).await;
            server.stop().await.unwrap();
            all.extend(found.into_iter().map(|text| format!("PostgreSQL {major}: {text}")));
        });
    }
    assert!(all.is_empty(), "{} are taken for one:\n{}", all.len(), all.join("\n\n"));
}
