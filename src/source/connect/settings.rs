//! Settings of a connection, resolved: where to, as whom, how encrypted.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, SslNegotiation};

use super::environment::{self, Environment};
use super::keywords::{self, Params};
use super::tls::{SslMode, TlsSettings};
use super::{ConnectError, Secret};

/// libpq waits for ever by default; a command in a pipeline should not.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// One place that may be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// A host name, an address, or (starting with `/`) the folder of a Unix socket.
    pub host: String,
    /// The address to use instead of looking up the name.
    pub address: Option<IpAddr>,
    /// The port.
    pub port: u16,
}

impl Place {
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }

    pub fn text(&self) -> String {
        if self.is_socket() {
            format!("{}/.s.PGSQL.{}", self.host, self.port)
        } else if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// Which of several servers will do (`target_session_attrs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

/// How to reach a database, as libpq would resolve it. `Debug` and `Display` never show the password.
#[derive(Clone, Debug)]
pub struct ConnectSettings {
    pub(super) places: Vec<Place>,
    pub(super) user: String,
    pub(super) dbname: String,
    pub(super) password: Option<Secret>,
    pub(super) passfile: Option<PathBuf>,
    pub(super) tls: TlsSettings,
    pub(super) timeout: Option<Duration>,
    pub(super) options: Option<String>,
    pub(super) application_name: String,
    pub(super) channel_binding: ChannelBinding,
    pub(super) negotiation: SslNegotiation,
    pub(super) wanted: Wanted,
    pub(super) keepalives: bool,
    pub(super) keepalives_idle: Option<Duration>,
}

impl ConnectSettings {
    /// Resolves a URL or `key=value` text, or nothing at all, against the surroundings: what the text says, the service file,
    /// the `PG*` variables, the defaults. `DATABASE_URL` is the caller's to look up.
    ///
    /// # Errors
    /// [`ConnectError::Settings`], with the parameter that is wrong.
    pub fn resolve(given: Option<&str>, env: &Environment) -> Result<Self, ConnectError> {
        let given = given.map(keywords::parse).transpose()?.unwrap_or_default();
        let params = environment::complete(given, env)?;
        let user = match params.get("user").filter(|user| !user.is_empty()).or(env.user.as_deref()) {
            Some(user) => user.to_owned(),
            None => return Err(wrong("no user is named, and the operating system names none")),
        };
        refuse_unsupported(&params)?;
        Ok(Self {
            places: places(&params)?,
            dbname: params.get("dbname").filter(|name| !name.is_empty()).unwrap_or(&user).to_owned(),
            password: params.get("password").filter(|password| !password.is_empty()).map(Secret::new),
            passfile: params.get("passfile").map(PathBuf::from).or_else(|| env.home_file(".pgpass")),
            tls: TlsSettings::resolve(&params, env)?,
            timeout: timeout(&params)?,
            options: params.get("options").map(str::to_owned),
            application_name: params
                .get("application_name")
                .or_else(|| params.get("fallback_application_name"))
                .unwrap_or("trueup")
                .to_owned(),
            channel_binding: one_of(
                &params,
                "channel_binding",
                ChannelBinding::Prefer,
                &[("disable", ChannelBinding::Disable), ("prefer", ChannelBinding::Prefer), ("require", ChannelBinding::Require)],
            )?,
            negotiation: one_of(
                &params,
                "sslnegotiation",
                SslNegotiation::Postgres,
                &[("postgres", SslNegotiation::Postgres), ("direct", SslNegotiation::Direct)],
            )?,
            wanted: one_of(
                &params,
                "target_session_attrs",
                Wanted::Any,
                &[
                    ("any", Wanted::Any),
                    ("read-write", Wanted::ReadWrite),
                    ("read-only", Wanted::ReadOnly),
                    ("primary", Wanted::Primary),
                    ("standby", Wanted::Standby),
                    ("prefer-standby", Wanted::PreferStandby),
                ],
            )?,
            keepalives: one_of(&params, "keepalives", true, &[("0", false), ("1", true)])?,
            keepalives_idle: number(&params, "keepalives_idle")?.filter(|seconds| *seconds > 0).map(Duration::from_secs),
            user,
        })
    }

    /// A server on a Unix socket that needs no password.
    pub fn on_socket(folder: &Path, port: u16, user: &str, dbname: &str) -> Self {
        Self {
            places: vec![Place { host: folder.to_string_lossy().into_owned(), address: None, port }],
            user: user.to_owned(),
            dbname: dbname.to_owned(),
            password: None,
            passfile: None,
            tls: TlsSettings::disabled(),
            timeout: Some(DEFAULT_TIMEOUT),
            options: None,
            application_name: "trueup".to_owned(),
            channel_binding: ChannelBinding::Prefer,
            negotiation: SslNegotiation::Postgres,
            wanted: Wanted::Any,
            keepalives: true,
            keepalives_idle: None,
        }
    }

    /// The same server and user, another database.
    #[must_use]
    pub fn with_database(&self, dbname: &str) -> Self {
        Self { dbname: dbname.to_owned(), ..self.clone() }
    }

    /// The same server and database, another user, without the password of the first.
    #[must_use]
    pub fn with_user(&self, user: &str) -> Self {
        let password = self.password.clone().filter(|_| user == self.user);
        Self { user: user.to_owned(), password, ..self.clone() }
    }

    /// The same place, under another `application_name`.
    #[must_use]
    pub fn with_application_name(&self, name: &str) -> Self {
        Self { application_name: name.to_owned(), ..self.clone() }
    }

    /// The user.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.dbname
    }

    /// The URL as it may be shown: with `***` for the password.
    pub fn redacted(&self) -> String {
        let password = if self.password.is_some() { ":***" } else { "" };
        let places = self.places.iter().map(|place| {
            let host = if place.host.contains(':') { format!("[{}]", place.host) } else { keywords::encode(&place.host) };
            format!("{host}:{}", place.port)
        });
        let places = places.collect::<Vec<_>>().join(",");
        format!("postgres://{}{password}@{places}/{}", keywords::encode(&self.user), keywords::encode(&self.dbname))
    }
}

impl std::fmt::Display for ConnectSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.redacted())
    }
}

pub(super) fn wrong(text: impl Into<String>) -> ConnectError {
    ConnectError::Settings(text.into())
}

/// Picks the meaning of a word; a word without one is an error that lists the others.
pub(super) fn one_of<T: Copy>(params: &Params, keyword: &str, default: T, words: &[(&str, T)]) -> Result<T, ConnectError> {
    let Some(value) = params.get(keyword).filter(|value| !value.is_empty()) else {
        return Ok(default);
    };
    words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        wrong(format!("{keyword} must be one of {}", words.join(", ")))
    })
}

fn number(params: &Params, keyword: &str) -> Result<Option<u64>, ConnectError> {
    let value = params.get(keyword).map(str::trim).filter(|value| !value.is_empty());
    // libpq takes negative numbers for "none"
    value
        .map(|value| value.parse::<i64>().map(|n| n.max(0).unsigned_abs()))
        .transpose()
        .map_err(|_| wrong(format!("{keyword} must be a whole number")))
}

fn timeout(params: &Params) -> Result<Option<Duration>, ConnectError> {
    Ok(match number(params, "connect_timeout")? {
        None => Some(DEFAULT_TIMEOUT),
        Some(0) => None,
        Some(seconds) => Some(Duration::from_secs(seconds)),
    })
}

/// Pairs hosts, addresses and ports up as libpq does: lists of one length, or one port for all.
fn places(params: &Params) -> Result<Vec<Place>, ConnectError> {
    let list = |keyword: &str| -> Vec<String> {
        params
            .get(keyword)
            .filter(|text| !text.is_empty())
            .map(|text| text.split(',').map(|part| part.trim().to_owned()).collect())
            .unwrap_or_default()
    };
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
    let count = hosts.len().max(addresses.len()).max(1);
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        return Err(wrong(format!("{} host names, but {} hostaddr values", hosts.len(), addresses.len())));
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(wrong(format!("{} ports for {count} hosts", ports.len())));
    }
    (0..count)
        .map(|at| {
            let port = match ports.get(at).or(ports.first()).filter(|port| !port.is_empty()) {
                // the text is not repeated: in a URL it may be half of a password
                Some(port) => {
                    port.parse().ok().filter(|port| *port != 0).ok_or_else(|| wrong("a port that is no number from 1 to 65535"))?
                }
                None => 5432,
            };
            let address = match addresses.get(at).filter(|address| !address.is_empty()) {
                Some(address) => Some(address.parse().map_err(|_| wrong("a hostaddr that is no IP address"))?),
                None => None,
            };
            let named = hosts.get(at).filter(|host| !host.is_empty()).cloned();
            let host = named.or_else(|| address.map(|address: IpAddr| address.to_string())).unwrap_or_else(|| default_host(port));
            Ok(Place { host, address, port })
        })
        .collect()
}

/// Where a server is that nobody named: on the usual sockets, else on this machine. (libpq has one socket folder compiled in,
/// which differs between builds.)
fn default_host(port: u16) -> String {
    let sockets = ["/var/run/postgresql", "/run/postgresql", "/tmp"];
    let there = sockets.iter().find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists());
    (*there.unwrap_or(&"localhost")).to_owned()
}

/// What would loosen a promise if it were passed over.
fn refuse_unsupported(params: &Params) -> Result<(), ConnectError> {
    for keyword in ["sslcrl", "sslcrldir", "sslpassword", "requirepeer", "require_auth"] {
        if params.get(keyword).is_some_and(|value| !value.is_empty()) {
            return Err(wrong(format!("{keyword} is not supported")));
        }
    }
    if params.get("gssencmode") == Some("require") {
        return Err(wrong("gssencmode=require is not supported: use TLS"));
    }
    Ok(())
}

/// The modes to try, in libpq's order: `allow` and `prefer` have a second one.
pub(super) fn attempts(settings: &ConnectSettings, place: &Place) -> Vec<SslMode> {
    if place.is_socket() {
        // libpq knows no TLS on Unix sockets, whatever sslmode says
        return vec![SslMode::Disable];
    }
    match settings.tls.mode {
        SslMode::Allow => vec![SslMode::Disable, SslMode::Require],
        SslMode::Prefer => vec![SslMode::Prefer, SslMode::Disable],
        mode => vec![mode],
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resolve(given: &str, vars: &[(&str, &str)]) -> Result<ConnectSettings, ConnectError> {
        let vars = vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        ConnectSettings::resolve(Some(given).filter(|g| !g.is_empty()), &Environment { vars, home: None, user: Some("me".to_owned()) })
    }

    #[test]
    fn the_string_is_stronger_than_the_environment() {
        let settings =
            resolve("postgres://u@h/d", &[("PGHOST", "x"), ("PGPORT", "7"), ("PGPASSWORD", "hunter2"), ("PGDATABASE", "y")]).unwrap();
        assert_eq!(settings.redacted(), "postgres://u:***@h:7/d");
        assert!(!format!("{settings:?} {settings}").contains("hunter2"));
    }

    #[test]
    fn defaults_are_libpqs() {
        let settings = resolve("", &[("PGHOST", "h")]).unwrap();
        assert_eq!(settings.redacted(), "postgres://me@h:5432/me");
        assert_eq!(resolve("user=other host=h", &[]).unwrap().database(), "other");
    }

    #[test]
    fn several_hosts_and_sockets() {
        let settings = resolve("host=a,/tmp/x,::1 port=1,2,3", &[]).unwrap();
        let texts: Vec<_> = settings.places.iter().map(Place::text).collect();
        assert_eq!(texts, ["a:1", "/tmp/x/.s.PGSQL.2", "[::1]:3"]);
        assert_eq!(resolve("host=a,b", &[]).unwrap().places[1].port, 5432);
        assert!(resolve("host=a,b port=1,2,3", &[]).is_err());
        let socket = resolve("postgres://u@%2Fvar%2Frun%2Fpg:77/d", &[]).unwrap();
        assert_eq!(socket.places[0].text(), "/var/run/pg/.s.PGSQL.77");
        assert_eq!(socket.redacted(), "postgres://u@%2Fvar%2Frun%2Fpg:77/d");
    }

    #[test]
    fn a_slash_in_a_password_is_not_shown() {
        let said = resolve("postgres://u:hun/ter2@host/db", &[]).unwrap_err().to_string();
        assert!(!said.contains("hun") && !said.contains("ter2"), "{said}");
    }

    #[test]
    fn wrong_values_say_what_is_allowed() {
        assert!(resolve("sslmode=maybe", &[]).unwrap_err().to_string().contains("verify-full"));
        assert!(resolve("connect_timeout=soon", &[]).is_err());
        assert!(resolve("sslcrl=/x", &[]).is_err());
    }
}
