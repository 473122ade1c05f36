//! Servers for tests that run on every major.

use std::path::{Path, PathBuf};

use trueup::scratch::{self, Scratch, ScratchOptions};

/// A server of exactly this major, of `$TRUEUP_TEST_PG/<major>/bin` or `./.pg/<major>/bin` (`make setup`): a test that finds none
/// must fail, not be skipped.
pub async fn server(major: u32) -> Scratch {
    let root = std::env::var_os("TRUEUP_TEST_PG").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".pg"), PathBuf::from);
    let bin = root.join(major.to_string()).join("bin");
    let server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
    assert_eq!(server.major(), major);
    server
}
