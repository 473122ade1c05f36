//! Kinds that stand alone, on real servers: from one schema to another and back in place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use trueup::model::{Catalog, Pair};
use trueup::plan::{rehearse, steps::steps};
use trueup::scratch::Scratch;
use trueup::source::connect::{Connection, SUPPORTED_MAJORS};
use trueup::source::live::{self, Scope};

/// Schemas before and after. Lines for some majors alone are marked as in catalog queries.
const CASES: &[(&str, &str)] = &[
    (include_str!("kinds/foreign_before.sql"), include_str!("kinds/foreign_after.sql")),
    (include_str!("kinds/members_before.sql"), include_str!("kinds/members_after.sql")),
    (include_str!("kinds/opclasses_before.sql"), include_str!("kinds/opclasses_after.sql")),
    (include_str!("kinds/base_types_before.sql"), include_str!("kinds/base_types_after.sql")),
    (include_str!("kinds/subscriptions_before.sql"), include_str!("kinds/subscriptions_after.sql")),
    (include_str!("kinds/publications_before.sql"), include_str!("kinds/publications_after.sql")),
    (include_str!("kinds/operators_before.sql"), include_str!("kinds/operators_after.sql")),
    (include_str!("kinds/servers_before.sql"), include_str!("kinds/servers_after.sql")),
    (include_str!("kinds/typed_before.sql"), include_str!("kinds/typed_after.sql")),
    (include_str!("kinds/types_before.sql"), include_str!("kinds/types_after.sql")),
];

async fn made(server: &mut Scratch, sql: &str) -> (Connection, Catalog) {
    let name = server.database(None).await.unwrap();
    let session = server.connect(&name, None).await.unwrap();
    let sql = &live::for_major(sql, server.major());
    session.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    let catalog = read(&session, server.major()).await;
    (session, catalog)
}

async fn read(session: &Connection, major: u32) -> Catalog {
    live::read(&session.client, major, &Scope::default()).await.unwrap()
}

async fn go(session: &Connection, pair: Pair<&Catalog>) -> Result<(), String> {
    let steps = steps(pair, true).map_err(|error| error.to_string())?;
    rehearse::run(&session.client, &steps).await.map_err(|error| error.to_string())?;
    let found = read(session, pair.to.major).await;
    let gone = pair.to.iter().filter(|(id, _)| !found.contains(id)).map(|(id, _)| format!("missing {id}"));
    let other = found.iter().filter(|(id, entry)| pair.to.object(id) != Some(&entry.object)).map(|(id, _)| format!("differs: {id}"));
    let left: Vec<String> = gone.chain(other).collect();
    if left.is_empty() { Ok(()) } else { Err(left.join("\n")) }
}

#[test]
fn kinds_go_there_and_back_on_every_major() {
    let mut failures = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for major in SUPPORTED_MAJORS {
        runtime.block_on(async {
            let mut server = common::server(major).await;
            for (from, to) in CASES {
                let (session, from) = made(&mut server, from).await;
                let (_other, to) = made(&mut server, to).await;
                let (up, down) = (Pair::new(&from, &to), Pair::new(&to, &from));
                for (way, pair) in [("up", up), ("down", down)] {
                    failures.extend(go(&session, pair).await.err().map(|error| format!("{way} on {major}: {error}")));
                }
            }
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
