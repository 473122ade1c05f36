//! Sessions with a server: settings resolved as libpq resolves them, and a connection whose errors say what is wrong.

mod environment;
mod error;
mod keywords;
mod settings;
mod tls;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode as ClientSslMode;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket};

pub use environment::Environment;
pub use error::{ConnectError, Secret};
pub use settings::ConnectSettings;

use error::{Attempt, classify};
use settings::{Place, Wanted, attempts};
use tls::SslMode;

/// Server majors that trueup is tested with.
pub const SUPPORTED_MAJORS: std::ops::RangeInclusive<u32> = 14..=18;

/// What a server says of itself and of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// The major version.
    pub major: u32,
    /// `server_version_num`.
    pub version_num: i32,
    /// `server_version`.
    pub version: String,
    /// `current_user`.
    pub current_user: String,
    /// `current_database()`.
    pub database: String,
    /// Whether the session has superuser rights.
    pub is_superuser: bool,
}

/// A session. Its messages are taken in by a task of the runtime that it was made on.
#[derive(Debug)]
pub struct Connection {
    /// The client.
    pub client: Client,
    /// The server and the session.
    pub server: ServerInfo,
    settings: Arc<ConnectSettings>,
    twin: OnceCell<Option<Box<Connection>>>,
    notices: Arc<Mutex<Vec<String>>>,
    driver: JoinHandle<()>,
}

impl Connection {
    /// A second session of the same role on the same database, to read beside this one; opened when it is first asked for, and kept.
    /// None where it cannot be had, or this one has taken another role since.
    pub async fn twin(&self) -> Option<&Client> {
        if self.settings.user != self.server.current_user {
            return None;
        }
        let open = || async { Box::pin(connect(&self.settings)).await.ok().map(Box::new) };
        self.twin.get_or_init(open).await.as_ref().map(|twin| &twin.client).filter(|client| !client.is_closed())
    }

    /// Takes the notices and warnings that came since the last call, oldest first.
    pub fn notices(&self) -> Vec<String> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Ends the session, and waits until the socket is closed.
    pub async fn close(self) {
        if let Some(twin) = self.twin.into_inner().flatten() {
            Box::pin(twin.close()).await;
        }
        drop(self.client);
        // the task only ends; a panic in it could not be told to anybody here
        let _ended = self.driver.await;
    }
}

/// Opens a session on the first place that gives one.
///
/// # Errors
/// The error of the last place tried; the first that is about rights rather than reachability ends the search, as in libpq.
pub async fn connect(settings: &ConnectSettings) -> Result<Connection, ConnectError> {
    let mut last = ConnectError::Settings("no host".to_owned());
    let rounds: &[Wanted] = if settings.wanted == Wanted::PreferStandby { &[Wanted::Standby, Wanted::Any] } else { &[settings.wanted] };
    for wanted in rounds {
        for place in &settings.places {
            match connect_place(settings, place, *wanted).await {
                Ok(connection) => return Ok(connection),
                Err(error @ (ConnectError::Unreachable { .. } | ConnectError::Refused { .. } | ConnectError::Tls { .. })) => last = error,
                Err(error) => return Err(error),
            }
        }
    }
    Err(last)
}

async fn connect_place(settings: &ConnectSettings, place: &Place, wanted: Wanted) -> Result<Connection, ConnectError> {
    let mut warnings = Vec::new();
    let config = config(settings, place, &mut warnings);
    let at = place.text();
    let mut first = None;
    for mode in attempts(settings, place) {
        let attempt = Attempt { at: &at, user: &settings.user, database: &settings.dbname, mode: settings.tls.mode.word() };
        let opened = within(settings.timeout, &at, open(settings, &config, mode, &attempt)).await;
        match opened {
            Ok(connection) => {
                check_wanted(&connection, &at, wanted).await?;
                connection.notices.lock().unwrap_or_else(PoisonError::into_inner).extend(warnings);
                return Ok(connection);
            }
            // a server without TLS, or one whose pg_hba.conf wants the other kind of connection: only these are tried again
            Err(error) if matches!(error, ConnectError::Tls { .. }) || error.is_hba_rejection() => {
                first.get_or_insert(error);
            }
            Err(error) => return Err(first.unwrap_or(error)),
        }
    }
    Err(first.unwrap_or_else(|| ConnectError::Settings("no host".to_owned())))
}

async fn within<T>(limit: Option<Duration>, at: &str, work: impl Future<Output = Result<T, ConnectError>>) -> Result<T, ConnectError> {
    let Some(limit) = limit else {
        return work.await;
    };
    let late = |_| ConnectError::Unreachable { at: at.to_owned(), reason: format!("no answer within {} s", limit.as_secs()) };
    tokio::time::timeout(limit, work).await.map_err(late)?
}

fn config(settings: &ConnectSettings, place: &Place, warnings: &mut Vec<String>) -> Config {
    let mut config = Config::new();
    config.user(&settings.user).dbname(&settings.dbname).application_name(&settings.application_name);
    config.host(&place.host).port(place.port);
    if let Some(address) = place.address {
        config.hostaddr(address);
    }
    config.channel_binding(settings.channel_binding).ssl_negotiation(settings.negotiation).keepalives(settings.keepalives);
    if let Some(idle) = settings.keepalives_idle {
        config.keepalives_idle(idle);
    }
    if let Some(options) = &settings.options {
        config.options(options);
    }
    if let Some(password) = password(settings, place, warnings) {
        config.password(password.reveal());
    }
    config
}

fn password(settings: &ConnectSettings, place: &Place, warnings: &mut Vec<String>) -> Option<Secret> {
    if settings.password.is_some() {
        return settings.password.clone();
    }
    let file = settings.passfile.as_deref()?;
    let port = place.port.to_string();
    // connections through the default socket folder look for "localhost" (passwordFromFile of fe-connect.c)
    let default_socket = ["/var/run/postgresql", "/run/postgresql", "/tmp"].contains(&place.host.as_str());
    let host = if default_socket { "localhost" } else { &place.host };
    environment::password_from_file(file, [host, &port, &settings.dbname, &settings.user], warnings)
}

async fn open(settings: &ConnectSettings, config: &Config, mode: SslMode, attempt: &Attempt<'_>) -> Result<Connection, ConnectError> {
    let mut config = config.clone();
    config.ssl_mode(match mode {
        SslMode::Disable | SslMode::Allow => ClientSslMode::Disable,
        SslMode::Prefer => ClientSslMode::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => ClientSslMode::Require,
    });
    if mode == SslMode::Disable {
        let (client, connection) = config.connect(NoTls).await.map_err(|e| classify(&e, attempt))?;
        return session(settings, client, connection, attempt).await;
    }
    let (client, connection) = config.connect(settings.tls.connector()?).await.map_err(|e| classify(&e, attempt))?;
    session(settings, client, connection, attempt).await
}

/// Starts the task that moves messages, and asks the server who it is.
async fn session<T>(
    settings: &ConnectSettings,
    client: Client,
    mut connection: tokio_postgres::Connection<Socket, T>,
    attempt: &Attempt<'_>,
) -> Result<Connection, ConnectError>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let notices = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&notices);
    let driver = tokio::spawn(async move {
        // an error here ends the session; whoever uses the client gets it
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notice(notice) = message {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{}: {}", notice.severity(), notice.message()));
            }
        }
    });
    let server = server_info(&client).await.map_err(|e| classify(&e, attempt))?;
    if !SUPPORTED_MAJORS.contains(&server.major) {
        return Err(ConnectError::Version { at: attempt.at.to_owned(), version: server.version });
    }
    Ok(Connection { client, server, settings: Arc::new(settings.clone()), twin: OnceCell::new(), notices, driver })
}

async fn server_info(client: &Client) -> Result<ServerInfo, tokio_postgres::Error> {
    const QUERY: &str = "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4, \
        pg_catalog.current_setting('server_version'), current_user::pg_catalog.text, pg_catalog.current_database()::pg_catalog.text, \
        pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on'";
    let row = client.query_one(QUERY, &[]).await?;
    let version_num: i32 = row.try_get(0)?;
    Ok(ServerInfo {
        major: version_num.unsigned_abs() / 10_000,
        version_num,
        version: row.try_get(1)?,
        current_user: row.try_get(2)?,
        database: row.try_get(3)?,
        is_superuser: row.try_get(4)?,
    })
}

/// Whether the server is of the kind that `target_session_attrs` wants.
async fn check_wanted(connection: &Connection, at: &str, wanted: Wanted) -> Result<(), ConnectError> {
    if matches!(wanted, Wanted::Any | Wanted::PreferStandby) {
        return Ok(());
    }
    const QUERY: &str =
        "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only') OPERATOR(pg_catalog.=) 'on'";
    let lost = |e: tokio_postgres::Error| ConnectError::Unreachable { at: at.to_owned(), reason: e.to_string() };
    let row = connection.client.query_one(QUERY, &[]).await.map_err(lost)?;
    let (standby, read_only): (bool, bool) = (row.try_get(0).map_err(lost)?, row.try_get(1).map_err(lost)?);
    let (fits, reason) = match wanted {
        Wanted::ReadWrite => (!read_only, "the session is read-only"),
        Wanted::ReadOnly => (read_only, "the session is not read-only"),
        Wanted::Primary => (!standby, "the server is in recovery"),
        Wanted::Standby => (standby, "the server is not in recovery"),
        Wanted::Any | Wanted::PreferStandby => (true, ""),
    };
    if fits { Ok(()) } else { Err(ConnectError::Unreachable { at: at.to_owned(), reason: reason.to_owned() }) }
}
