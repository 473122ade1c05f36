//! Servers for tests that run on every major.

use std::path::{Path, PathBuf};

use trueup::scratch::{self, Scratch, ScratchOptions};

/// The folder with the server programs of a major: of `$TRUEUP_TEST_PG/<major>/bin`, `./.pg/<major>/bin` and
/// `/usr/lib/postgresql/<major>/bin` the first that exists.
fn programs(major: u32) -> Option<PathBuf> {
    let named = std::env::var_os("TRUEUP_TEST_PG").map(PathBuf::from);
    let roots = named.into_iter().chain([Path::new(env!("CARGO_MANIFEST_DIR")).join(".pg"), PathBuf::from("/usr/lib/postgresql")]);
    roots.map(|root| root.join(major.to_string()).join("bin")).find(|bin| bin.join("postgres").exists())
}

/// A server of exactly this major; `None`, said on standard error, where there are no programs of it.
pub async fn server(major: u32) -> Option<Scratch> {
    let Some(bin) = programs(major) else {
        eprintln!("skipped: no PostgreSQL {major} below TRUEUP_TEST_PG, .pg or /usr/lib/postgresql");
        return None;
    };
    let server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
    assert_eq!(server.major(), major);
    Some(server)
}
