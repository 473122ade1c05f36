//! The one error that commands end with: what is wrong, where, what to do, and the exit code that says so.

use std::process::ExitCode;

use serde::Serialize;

use crate::report::Diagnostic;

/// Exit codes, as scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// Done; or the check says yes.
    Done = 0,
    /// A check says no.
    Refused = 1,
    /// Applying failed.
    ApplyFailed = 2,
    /// Validation after applying failed.
    PostflightFailed = 3,
    /// Going down failed.
    DownFailed = 4,
    /// Configuration, usage, or files that are wrong.
    Usage = 5,
    /// The database cannot be reached, or was lost.
    Unreachable = 6,
    /// The migration lock was not to be had in time.
    Locked = 7,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command did not do what was asked.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Error {
    /// How the process ends.
    pub exit: Exit,
    /// What is wrong, most important first. Never empty.
    pub diagnostics: Vec<Diagnostic>,
}

impl Error {
    /// One error.
    pub fn new(exit: Exit, diagnostic: impl Into<Diagnostic>) -> Self {
        Self { exit, diagnostics: vec![diagnostic.into()] }
    }

    /// Wrong configuration, arguments or files.
    pub fn usage(diagnostic: impl Into<Diagnostic>) -> Self {
        Self::new(Exit::Usage, diagnostic)
    }

    /// A check that says no.
    pub fn refused(diagnostic: impl Into<Diagnostic>) -> Self {
        Self::new(Exit::Refused, diagnostic)
    }

    /// Several errors at once.
    pub fn all(exit: Exit, first: Diagnostic, rest: impl IntoIterator<Item = Diagnostic>) -> Self {
        let mut diagnostics = vec![first];
        diagnostics.extend(rest);
        Self { exit, diagnostics }
    }

    /// With another exit code.
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// With a further diagnostic.
    #[must_use]
    pub fn and(mut self, diagnostic: impl Into<Diagnostic>) -> Self {
        self.diagnostics.push(diagnostic.into());
        self
    }

    /// What the server or the connection says, in the way of `during`: `exit` where the server refused, [`Exit::Unreachable`]
    /// where the connection is gone.
    pub fn server(during: &str, exit: Exit, error: &tokio_postgres::Error) -> Self {
        let exit = if is_lost(error) { Exit::Unreachable } else { exit };
        Self::new(exit, Diagnostic::from_server(during, error))
    }

    /// The first message alone.
    pub fn message(&self) -> &str {
        self.diagnostics.first().map_or("", |diagnostic| diagnostic.message.as_str())
    }
}

/// Whether the connection is gone: closed, or ended by the server (SQLSTATE class 57P: admin_shutdown, crash_shutdown,
/// cannot_connect_now; class 08: connection exceptions).
pub fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed()
        || error.as_db_error().map_or_else(
            || std::error::Error::source(error).is_some_and(|e| e.is::<std::io::Error>()),
            |db| {
                let code = db.code().code();
                code.starts_with("08") || code.starts_with("57P")
            },
        )
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_contract() {
        let codes: Vec<u8> = [
            Exit::Done,
            Exit::Refused,
            Exit::ApplyFailed,
            Exit::PostflightFailed,
            Exit::DownFailed,
            Exit::Usage,
            Exit::Unreachable,
            Exit::Locked,
        ]
        .into_iter()
        .map(Exit::code)
        .collect();
        assert_eq!(codes, (0..=7).collect::<Vec<u8>>());
    }
}
