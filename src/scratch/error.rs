//! Why there is no scratch server.

use crate::source::connect::ConnectError;

/// Why there is no scratch server, or what it would not do.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// No server programs that will do.
    #[error(
        "no PostgreSQL {wanted} (or newer) server programs for a scratch server: looked at {}; \
        set TRUEUP_SCRATCH_BIN, use --scratch-url, or work offline with --scratch off",
        places_text(.looked)
    )]
    NotFound {
        /// The major that was wanted.
        wanted: u32,
        /// Each place with what is there.
        looked: Vec<String>,
    },
    /// The server that was named is older than the target.
    #[error("the scratch server at {at} is PostgreSQL {found}, older than the {wanted} of the target")]
    TooOld {
        /// Which server or program folder.
        at: String,
        /// Its major.
        found: u32,
        /// The target's major.
        wanted: u32,
    },
    /// A data folder could not be made.
    #[error("cannot prepare a scratch server: {doing}: {reason}")]
    Prepare {
        /// What was tried.
        doing: String,
        /// What the system or the program said.
        reason: String,
    },
    /// The server ended or stayed silent.
    #[error("the scratch server of {bin} does not start: {reason}")]
    Start {
        /// The folder of its programs.
        bin: String,
        /// Its log, or the time that passed.
        reason: String,
    },
    /// No session.
    #[error("scratch server: {0}")]
    Connect(#[from] ConnectError),
    /// The server refused a statement.
    #[error("scratch server: {doing}: {reason}")]
    Sql {
        /// What was tried.
        doing: String,
        /// What the server said.
        reason: String,
        /// The SQLSTATE, where the server gave one.
        code: Option<String>,
    },
}

impl ScratchError {
    pub(super) fn sql(doing: impl Into<String>, error: &tokio_postgres::Error) -> Self {
        let db = error.as_db_error();
        Self::Sql {
            doing: doing.into(),
            reason: db.map_or_else(|| error.to_string(), |db| db.message().to_owned()),
            code: db.map(|db| db.code().code().to_owned()),
        }
    }

    pub(super) fn prepare(doing: impl Into<String>, reason: impl ToString) -> Self {
        Self::Prepare { doing: doing.into(), reason: reason.to_string() }
    }

    /// Whether there simply is no server to be had, so that `--scratch auto` may go on without one.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }
}

fn places_text(places: &[String]) -> String {
    if places.is_empty() { "PATH, pg_config and the usual install folders".to_owned() } else { places.join(", ") }
}
