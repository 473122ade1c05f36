//! Arguments in, exit code out.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use trueup::{cli, sql::stack};

/// Parse trees and catalogs are millions of small pieces; the system's allocator takes a quarter of a plan's time for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Where the kernel has to find huge pages first, they cost more than they spare a program that runs for a second.
    #[cfg(target_os = "linux")]
    let _as_before = nix::sys::prctl::set_thp_disable(true);
    // Deeply nested expressions are walked by recursion: everything runs on a stack that has room for them.
    match stack::run_big(cli::main) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            trueup::error::Exit::Usage.into()
        }
    }
}
