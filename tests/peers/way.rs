//! From one schema to another and back in one database: by trueup's steps, judged by pg_dump and by the rows.

use std::collections::BTreeMap;

use trueup::model::{Catalog, Pair};
use trueup::plan::{rehearse, steps::steps};
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::connect::{Connection, SUPPORTED_MAJORS};
use trueup::source::live::{self, Scope};

use crate::support::dump::{Dump, difference, dump_own};
use crate::support::pg_root;

/// Roles that cases name.
const ROLES: [&str; 2] = ["peer_owner", "peer_reader"];

/// Two schemas, and what becomes of the rows.
#[derive(Clone, Copy, Default)]
pub struct Way<'a> {
    /// The first major that knows the statements.
    pub since: u32,
    pub old: &'a str,
    /// Rows of the old schema.
    pub rows: &'a str,
    pub new: &'a str,
    /// A query of one text, on the new schema, and what it gives.
    pub gives: Option<(&'a str, &'a str)>,
}

/// Goes the way on the oldest and the newest major that know it.
///
/// # Panics
/// Where anything is not as it should be.
pub fn there_and_back(way: &Way<'_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let majors: Vec<u32> = SUPPORTED_MAJORS.filter(|major| *major >= way.since).collect();
    let all = std::env::var_os("TRUEUP_PEERS_ALL").is_some();
    let ends = [majors.first(), majors.last()];
    for major in majors.iter().filter(|major| all || ends.contains(&Some(major))) {
        let result = runtime.block_on(async {
            let bin = Some(pg_root().join(major.to_string()).join("bin"));
            let mut server = scratch::start(&ScratchOptions { bin, url: None, major: *major }).await.unwrap();
            for role in ROLES {
                server.ensure_role(role, false).await.unwrap();
            }
            go(&mut server, way).await
        });
        assert_eq!(result, Ok(()), "on PostgreSQL {major}");
    }
}

/// The statements between two schemas, on the newest major.
pub fn planned(old: &str, new: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let major = SUPPORTED_MAJORS.max().unwrap_or_default();
    runtime.block_on(async {
        let bin = Some(pg_root().join(major.to_string()).join("bin"));
        let mut server = scratch::start(&ScratchOptions { bin, url: None, major }).await.unwrap();
        let to = Place::new(&mut server, new).await.catalog().await;
        let from = Place::new(&mut server, old).await.catalog().await;
        steps(Pair::new(&from, &to), true).unwrap().into_iter().map(|step| step.sql).collect()
    })
}

/// A database.
struct Place<'a> {
    server: &'a mut Scratch,
    name: String,
}

impl Place<'_> {
    async fn new<'a>(server: &'a mut Scratch, sql: &str) -> Place<'a> {
        let name = server.database(None).await.unwrap();
        let place = Place { server, name };
        place.run(sql).await;
        place
    }

    async fn session(&self) -> Connection {
        let session = self.server.connect(&self.name, None).await.unwrap();
        session.client.batch_execute(rehearse::SESSION).await.unwrap();
        session
    }

    async fn run(&self, sql: &str) {
        let session = self.session().await;
        if let Err(error) = session.client.batch_execute(sql).await {
            panic!("{}\n{sql}", error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string));
        }
        session.close().await;
    }

    async fn catalog(&self) -> Catalog {
        let session = self.session().await;
        let catalog = live::read(&session.client, session.server.major, &Scope::default()).await.unwrap();
        session.close().await;
        catalog
    }

    async fn dump(&mut self) -> Dump {
        dump_own(self.server, &self.name).await
    }

    /// Tables by name, with their OIDs.
    async fn tables(&self) -> BTreeMap<String, u32> {
        let query = "SELECT c.oid::regclass::text, c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384";
        let session = self.session().await;
        let found = session.client.query(query, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
        session.close().await;
        found
    }

    async fn text(&self, query: &str) -> Result<Option<String>, String> {
        let session = self.session().await;
        let row = session.client.query_one(query, &[]).await.map_err(|error| format!("{query}: {error}"))?;
        session.close().await;
        Ok(row.get(0))
    }

    /// Makes of what is there what is wanted.
    async fn step(&mut self, pair: Pair<&Catalog>, wanted: &Dump) -> Result<(), String> {
        let planned = steps(pair, true).map_err(|error| error.to_string())?;
        let text = planned.iter().map(|step| format!("  {}", step.sql)).collect::<Vec<_>>().join("\n");
        let session = self.session().await;
        rehearse::run(&session.client, &planned).await.map_err(|error| format!("{error}\nof\n{text}"))?;
        session.close().await;
        let left = difference(&self.dump().await, wanted);
        if !left.is_empty() {
            return Err(format!("{}\nafter\n{text}", left.join("\n")));
        }
        let now = self.catalog().await;
        let more = steps(Pair::new(&now, pair.to), true).map_err(|error| error.to_string())?;
        more.first().map_or(Ok(()), |step| Err(format!("there is still something to plan: {}\nafter\n{text}", step.sql)))
    }
}

async fn go(server: &mut Scratch, way: &Way<'_>) -> Result<(), String> {
    let mut built = Place::new(server, way.new).await;
    let (to, wanted, kept) = (built.catalog().await, built.dump().await, built.tables().await);
    let mut live = Place::new(server, way.old).await;
    let (from, before, tables) = (live.catalog().await, live.dump().await, live.tables().await);
    live.run(way.rows).await;
    live.step(Pair::new(&from, &to), &wanted).await.map_err(|error| format!("up: {error}"))?;
    let now = live.tables().await;
    if let Some(name) = tables.keys().find(|name| kept.contains_key(*name) && now.get(*name) != tables.get(*name)) {
        return Err(format!("table {name} was made anew"));
    }
    if let Some((query, gives)) = way.gives {
        let given = live.text(query).await?;
        if given.as_deref() != Some(gives) {
            return Err(format!("{query} gives {given:?} and not {gives:?}"));
        }
    }
    live.step(Pair::new(&to, &from), &before).await.map_err(|error| format!("down: {error}"))
}
