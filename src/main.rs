//! Arguments in, exit code out.

use std::process::ExitCode;

use trueup::{cli, sql::stack};

fn main() -> ExitCode {
    // Deeply nested expressions are walked by recursion: everything runs on a stack that has room for them.
    match stack::run_big(cli::main) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            trueup::error::Exit::Usage.into()
        }
    }
}
