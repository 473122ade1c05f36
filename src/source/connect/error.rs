//! What can go wrong on the way to a session, and passwords that never show.

use std::error::Error as _;
use std::fmt;

use tokio_postgres::error::SqlState;

/// A value that must not be seen: neither `Debug` nor `Display` shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why there is no session. Texts never hold a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The settings make no sense, or name files that cannot be used.
    #[error("connection settings: {0}")]
    Settings(String),
    /// Nothing answers there.
    #[error("cannot reach PostgreSQL at {at}: {reason}")]
    Unreachable {
        /// Host and port.
        at: String,
        /// What the network, or the server before authentication, said.
        reason: String,
    },
    /// The server does not let this user in.
    #[error("PostgreSQL at {at} does not accept user \"{user}\": {reason}")]
    Authentication {
        /// Host and port.
        at: String,
        /// Who asked.
        user: String,
        /// What the server said.
        reason: String,
    },
    /// The server is there, the database is not.
    #[error("database \"{database}\" does not exist at {at}")]
    NoDatabase {
        /// Host and port.
        at: String,
        /// The name asked for.
        database: String,
    },
    /// No encrypted connection as `sslmode` wants it.
    #[error("TLS with {at} (sslmode={mode}): {reason}")]
    Tls {
        /// Host and port.
        at: String,
        /// The `sslmode` in force.
        mode: String,
        /// What failed.
        reason: String,
    },
    /// The server is there and refuses for another reason: too many connections, no CONNECT privilege, ...
    #[error("PostgreSQL at {at} refuses the connection: {reason}")]
    Refused {
        /// Host and port.
        at: String,
        /// What the server said.
        reason: String,
    },
    /// A server that trueup does not know.
    #[error("PostgreSQL {version} at {at} is not supported: trueup works with 14 to 18")]
    Version {
        /// Host and port.
        at: String,
        /// `server_version`.
        version: String,
    },
}

impl ConnectError {
    /// The exit code that stands for it: 5 for settings, 6 for everything on the server's side.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) => 5,
            _ => 6,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Settings(_) => "correct --database-url, DATABASE_URL, the PG* variables, or the service file",
            Self::Unreachable { .. } => {
                "check that the server runs, and host and port in --database-url, DATABASE_URL or the PG* variables"
            }
            Self::Authentication { .. } => "check the user and its password: URL, PGPASSWORD, ~/.pgpass; and the server's pg_hba.conf",
            Self::NoDatabase { .. } => "create it, or correct the name",
            Self::Tls { .. } => "check sslmode, sslrootcert and the client certificate",
            Self::Refused { .. } => "ask whoever runs the server; where it is busy, try again later",
            Self::Version { .. } => "upgrade the server",
        }
    }

    /// Whether `pg_hba.conf` has no line for this user, database and kind of connection (`ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION`).
    pub(super) fn is_hba_rejection(&self) -> bool {
        matches!(self, Self::Authentication { reason, .. } if reason.ends_with("(28000)"))
    }

    /// Whether waiting may help: a server that is down, starting, or full.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Refused { .. })
    }
}

/// Who connects where, for error texts.
pub(super) struct Attempt<'a> {
    pub at: &'a str,
    pub user: &'a str,
    pub database: &'a str,
    pub mode: &'a str,
}

/// Sorts a client error into a [`ConnectError`].
pub(super) fn classify(error: &tokio_postgres::Error, attempt: &Attempt<'_>) -> ConnectError {
    let at = attempt.at.to_owned();
    if let Some(db) = error.as_db_error() {
        let reason = format!("{} ({})", db.message(), db.code().code());
        return match *db.code() {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                ConnectError::Authentication { at, user: attempt.user.to_owned(), reason }
            }
            SqlState::INVALID_CATALOG_NAME => ConnectError::NoDatabase { at, database: attempt.database.to_owned() },
            SqlState::CANNOT_CONNECT_NOW | SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => ConnectError::Unreachable { at, reason },
            _ => ConnectError::Refused { at, reason },
        };
    }
    let reason = chain(error);
    // tokio-postgres keeps its kinds private; these texts are the kinds' own (its src/error/mod.rs)
    if reason.starts_with("error performing TLS handshake") {
        ConnectError::Tls {
            at,
            mode: attempt.mode.to_owned(),
            reason: reason.trim_start_matches("error performing TLS handshake: ").to_owned(),
        }
    } else if reason.starts_with("authentication error") {
        ConnectError::Authentication { at, user: attempt.user.to_owned(), reason }
    } else if reason.starts_with("invalid configuration: password missing") {
        let reason = "the server asks for a password and none is set (PGPASSWORD, ~/.pgpass, or the URL)".to_owned();
        ConnectError::Authentication { at, user: attempt.user.to_owned(), reason }
    } else {
        let reason = reason.trim_start_matches("error connecting to server: ").trim_start_matches("error communicating with the server: ");
        ConnectError::Unreachable { at, reason: reason.to_owned() }
    }
}

/// An error with its causes.
fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
