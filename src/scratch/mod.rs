//! Throwaway servers: started in a fraction of a second on a private socket, and always taken down.

mod account;
mod error;
mod find;
mod private;
mod shared;
mod template;

use std::path::PathBuf;

pub use error::ScratchError;
pub use template::cache_folder;

use crate::model::quote_ident;
use crate::source::connect::{ConnectSettings, Connection, Environment, connect};
use private::PrivateServer;
use shared::SharedServer;

/// Which scratch server is wanted.
#[derive(Clone, Debug)]
pub struct ScratchOptions {
    /// A folder with server programs (`--scratch-bin`, `TRUEUP_SCRATCH_BIN`); otherwise they are looked for.
    pub bin: Option<PathBuf>,
    /// A server that already runs (`--scratch-url`, `TRUEUP_SCRATCH_URL`); used rather than `bin`.
    pub url: Option<String>,
    /// The major of the target server: the scratch server is of this one, or of the nearest newer one.
    pub major: u32,
}

impl ScratchOptions {
    /// What the environment variables say.
    pub fn from_env(major: u32) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            bin: set("TRUEUP_SCRATCH_BIN").map(PathBuf::from),
            url: set("TRUEUP_SCRATCH_URL").and_then(|url| url.into_string().ok()),
            major,
        }
    }
}

/// A server to try things on. Dropping it takes it down too; [`stop`](Self::stop) does so without blocking the runtime, and tells errors.
#[derive(Debug)]
pub struct Scratch {
    /// Sessions end before their server does.
    maintenance: Connection,
    settings: ConnectSettings,
    place: Place,
    made: u32,
    described: String,
}

#[derive(Debug)]
enum Place {
    Private(PrivateServer),
    Shared(Box<SharedServer>),
}

/// An extension version that a server could install.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AvailableExtension {
    /// Its name.
    pub name: String,
    /// A version that can be installed.
    pub version: String,
    /// Whether `CREATE EXTENSION` without VERSION takes this one.
    pub is_default: bool,
}

/// Gets a scratch server.
///
/// # Errors
/// See [`ScratchError`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn start(options: &ScratchOptions) -> Result<Scratch, ScratchError> {
    match &options.url {
        Some(url) => start_shared(url, options.major).await,
        None => start_private(options).await,
    }
}

async fn start_shared(url: &str, wanted: u32) -> Result<Scratch, ScratchError> {
    let settings = ConnectSettings::resolve(Some(url), &Environment::of_process())?;
    let maintenance = connect(&settings).await?;
    if maintenance.server.major < wanted {
        return Err(ScratchError::TooOld { at: settings.redacted(), found: maintenance.server.major, wanted });
    }
    let described = format!("PostgreSQL {} at {}", maintenance.server.version, settings.redacted());
    let shared = SharedServer::claim(settings.clone(), &maintenance).await?;
    Ok(Scratch { maintenance, settings, place: Place::Shared(Box::new(shared)), made: 0, described })
}

async fn start_private(options: &ScratchOptions) -> Result<Scratch, ScratchError> {
    match try_private(options).await {
        // a template that something broke (a full disk, a cleaner of caches) is made anew, once
        Err((ScratchError::Start { .. }, Some(programs))) if template::forget(&programs) => try_private(options).await,
        other => other,
    }
    .map_err(|(error, _)| error)
}

async fn try_private(options: &ScratchOptions) -> Result<Scratch, (ScratchError, Option<find::Programs>)> {
    let (bin, major) = (options.bin.clone(), options.major);
    let launched = tokio::task::spawn_blocking(move || PrivateServer::launch(bin.as_deref(), major)).await;
    let launched = launched.unwrap_or_else(|e| Err(ScratchError::prepare("the thread that starts it", e)));
    let mut server = launched.map_err(|e| (e, None))?;
    let programs = server.programs().clone();
    server.ready().await.map_err(|e| (e, Some(programs.clone())))?;
    let settings = server.settings();
    let maintenance = connect(&settings).await.map_err(|e| (e.into(), None))?;
    let described = format!("PostgreSQL {} of {}", programs.version, programs.bin.display());
    Ok(Scratch { maintenance, settings, place: Place::Private(server), made: 0, described })
}

impl Scratch {
    /// The server's major.
    pub fn major(&self) -> u32 {
        self.maintenance.server.major
    }

    /// What it is, for people.
    pub fn description(&self) -> &str {
        &self.described
    }

    /// Whether the server is this run's own, with superuser rights and without other users.
    pub fn is_private(&self) -> bool {
        matches!(self.place, Place::Private(_))
    }

    /// Makes a database: a copy of `template`, which nobody may be connected to, or an empty one (UTF8, locale C). The name that it gets is
    /// the result.
    ///
    /// # Errors
    /// The server's.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn database(&mut self, template: Option<&str>) -> Result<String, ScratchError> {
        self.made += 1;
        let name = match &self.place {
            Place::Private(_) => format!("scratch_{}", self.made),
            Place::Shared(shared) => shared.next_name(self.made),
        };
        let from = match template {
            Some(template) => quote_ident(template),
            None if self.is_private() || self.major() < 15 => "template0 ENCODING 'UTF8' LOCALE 'C'".to_owned(),
            None => "template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'".to_owned(),
        };
        // 15's default, logging every page, is five times as slow where fsync is off
        let strategy = if self.major() >= 15 { " STRATEGY file_copy" } else { "" };
        let text = format!("CREATE DATABASE {} TEMPLATE {from}{strategy}", quote_ident(&name));
        self.execute(&text).await?;
        if let Place::Shared(shared) = &mut self.place {
            shared.databases.push(name.clone());
        }
        Ok(name)
    }

    /// Drops one of its databases, with the sessions in it.
    ///
    /// # Errors
    /// The server's.
    pub async fn drop_database(&mut self, name: &str) -> Result<(), ScratchError> {
        shared::drop_database(&self.settings, &self.maintenance, name).await?;
        if let Place::Shared(shared) = &mut self.place {
            shared.databases.retain(|made| made != name);
        }
        Ok(())
    }

    /// As [`drop_database`](Self::drop_database), where no other one is made after it: that of a private server goes with the server.
    ///
    /// # Errors
    /// The server's.
    pub async fn leave_database(&mut self, name: &str) -> Result<(), ScratchError> {
        if self.is_private() { Ok(()) } else { self.drop_database(name).await }
    }

    /// Opens a session in a database, as the server's superuser or as another role.
    ///
    /// # Errors
    /// See [`connect`](fn@connect).
    pub async fn connect(&self, database: &str, user: Option<&str>) -> Result<Connection, ScratchError> {
        let settings = self.settings(database);
        let Some(user) = user else {
            return Ok(connect(&settings).await?);
        };
        if self.is_private() {
            return Ok(connect(&settings.with_user(user)).await?);
        }
        // a lent server may want passwords that nobody has
        let mut session = connect(&settings).await?;
        let verb = if session.server.is_superuser { "SET SESSION AUTHORIZATION" } else { "SET ROLE" };
        let text = format!("{verb} {}", quote_ident(user));
        session.client.batch_execute(&text).await.map_err(|e| ScratchError::sql(text, &e))?;
        user.clone_into(&mut session.server.current_user);
        Ok(session)
    }

    /// How to reach one of its databases.
    pub fn settings(&self, database: &str) -> ConnectSettings {
        self.settings.with_database(database)
    }

    /// Makes a role that may log in, unless there is one of that name.
    ///
    /// # Errors
    /// The server's: for reserved names (`pg_...`), or without the right to create roles.
    pub async fn ensure_role(&mut self, name: &str, superuser: bool) -> Result<(), ScratchError> {
        let doing = format!("looking for role {name}");
        let there = self.maintenance.client.query_opt("SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = $1", &[&name]).await;
        let there: Option<bool> =
            there.and_then(|row| row.map(|row| row.try_get(0)).transpose()).map_err(|e| ScratchError::sql(doing, &e))?;
        let role = quote_ident(name);
        let rights = if superuser { " SUPERUSER" } else { "" };
        match (there, &mut self.place) {
            (Some(is_superuser), Place::Private(_)) if superuser && !is_superuser => {
                self.execute(&format!("ALTER ROLE {role} SUPERUSER")).await
            }
            (Some(_), _) => Ok(()),
            (None, Place::Private(_)) => self.execute(&format!("CREATE ROLE {role} LOGIN{rights}")).await,
            (None, Place::Shared(shared)) => {
                let mark = shared.role_mark();
                shared.roles.push(name.to_owned());
                self.execute(&format!("CREATE ROLE {role} LOGIN{rights}; COMMENT ON ROLE {role} IS '{mark}'")).await
            }
        }
    }

    /// Makes a tablespace below the server's own folder, unless there is one of that name; whether there is one now. On a server that is lent
    /// none is made, since who does that has to say where; nor on one before 14.5, which has no tablespaces in place.
    ///
    /// # Errors
    /// The server's: for reserved names (`pg_...`).
    pub async fn ensure_tablespace(&mut self, name: &str) -> Result<bool, ScratchError> {
        const QUERY: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tablespace s WHERE s.spcname = $1), \
            EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE s.name = 'allow_in_place_tablespaces')";
        let found = self.maintenance.client.query_one(QUERY, &[&name]).await;
        let found = found.and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        let (there, in_place): (bool, bool) = found.map_err(|e| ScratchError::sql(format!("looking for tablespace {name}"), &e))?;
        if there || !in_place || !self.is_private() {
            return Ok(there);
        }
        // CREATE TABLESPACE takes no company of other statements.
        self.execute("SET allow_in_place_tablespaces = on").await?;
        let name = quote_ident(name);
        self.execute(&format!("CREATE TABLESPACE {name} LOCATION ''")).await?;
        self.execute(&format!("GRANT CREATE ON TABLESPACE {name} TO PUBLIC")).await?;
        Ok(true)
    }

    /// The extensions that it could install, by name and version.
    ///
    /// # Errors
    /// The server's.
    pub async fn available_extensions(&self) -> Result<Vec<AvailableExtension>, ScratchError> {
        const QUERY: &str = "SELECT v.name::pg_catalog.text, v.version, v.version OPERATOR(pg_catalog.=) e.default_version \
            FROM pg_catalog.pg_available_extension_versions v JOIN pg_catalog.pg_available_extensions e ON e.name = v.name";
        let failed = |e: tokio_postgres::Error| ScratchError::sql("listing extensions", &e);
        let rows = self.maintenance.client.query(QUERY, &[]).await.map_err(failed)?;
        let read = rows.iter().map(|row| {
            let is_default: Option<bool> = row.try_get(2)?;
            Ok(AvailableExtension { name: row.try_get(0)?, version: row.try_get(1)?, is_default: is_default.unwrap_or(false) })
        });
        let mut extensions: Vec<_> = read.collect::<Result<_, _>>().map_err(failed)?;
        extensions.sort();
        Ok(extensions)
    }

    /// Takes everything down, and waits until it is gone.
    ///
    /// # Errors
    /// Where something stays.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn stop(self) -> Result<(), ScratchError> {
        let Self { maintenance, place, .. } = self;
        match place {
            Place::Private(server) => {
                maintenance.close().await;
                server.stop().await
            }
            Place::Shared(mut shared) => {
                let released = shared.release(&maintenance).await;
                maintenance.close().await;
                released
            }
        }
    }

    async fn execute(&self, text: &str) -> Result<(), ScratchError> {
        self.maintenance.client.batch_execute(text).await.map_err(|e| ScratchError::sql(text, &e))
    }
}
