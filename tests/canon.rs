//! The canonical form of what a file says, held against that of what a server makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::{majors, pg_root, run};
use trueup::analyze::Scope;
use trueup::canon::canonicalize;
use trueup::model::{Catalog, ObjectId, QName};
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
