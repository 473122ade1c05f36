//! What every command starts from: settings, the reporter, and the ways to the target and to a scratch server.

use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::time::{Duration, Instant};

use crate::config::{ScratchMode, Settings};
use crate::error::Error;
use crate::execute::{Fingerprint, tracking};
use crate::model::{Catalog, Entry, ObjectId};
use crate::plan::goal::Memory;
use crate::plan::merge::Manage;
use crate::report::{Diagnostic, Reporter};
use crate::scratch::{self, Scratch, ScratchOptions};
use crate::source::connect::{ConnectSettings, Connection, Environment, connect};
use crate::source::files::{self, SchemaFiles};
use crate::source::ignored;
use crate::source::live::{self, LiveError, Scope};

/// Settings and reporter.
pub struct Context {
    /// Settings.
    pub settings: Settings,
    /// Where results and progress go.
    pub reporter: Reporter,
}

impl Context {
    /// What of a database is looked at.
    pub fn scope(&self) -> Scope {
        Scope { exclude_schemas: vec![tracking::SCHEMA.to_owned()], ignore: self.settings.ignore.clone() }
    }

    /// Whether owners and privileges are managed.
    pub fn manage(&self) -> Manage {
        Manage { owners: self.settings.manage_owners, privileges: self.settings.manage_privileges }
    }

    /// Where the states are kept that the schema files are known to make; `None` where nothing is to be known.
    pub fn memory(&self) -> Option<Memory> {
        let statements = usize::try_from(self.settings.scratch.known_from).ok().filter(|from| *from > 0)?;
        let here = std::env::current_dir().ok()?;
        let paths: Vec<String> = self.settings.schema.iter().map(|path| here.join(path).display().to_string()).collect();
        Some(Memory { project: paths.join("\0"), statements })
    }

    /// Takes out of an interpreted catalog what `[ignore]` leaves out.
    ///
    /// # Errors
    /// What stays and needs what is left out.
    pub fn strip(&self, mut catalog: Catalog) -> Result<Catalog, Error> {
        ignored::strip(&mut catalog, &self.settings.ignore).map_err(LiveError::Torn)?;
        Ok(catalog)
    }

    /// How to reach the target database.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn connect_settings(&self) -> Result<ConnectSettings, Error> {
        let url = self.settings.database_url.as_ref().map(|url| url.0.as_str());
        Ok(ConnectSettings::resolve(url, &Environment::of_process())?)
    }

    /// Connects to the target database.
    ///
    /// # Errors
    /// Wrong settings; a server that cannot be reached or refuses.
    pub async fn target(&self) -> Result<Connection, Error> {
        self.connect(self.settings.database_url.as_ref().map(|url| url.0.as_str())).await
    }

    /// Connects to the target database, waiting for it where it is not there yet.
    ///
    /// # Errors
    /// As [`target`](Self::target), once the time is over.
    pub async fn target_within(&self, at_most: Duration) -> Result<Connection, Error> {
        let settings = self.connect_settings()?;
        let began = Instant::now();
        loop {
            match connect(&settings).await {
                Err(error) if error.is_passing() && began.elapsed() < at_most => {
                    self.reporter.status(format!("waiting for the database: {error}"));
                    tokio::time::sleep(Duration::from_secs(1).min(at_most.saturating_sub(began.elapsed()))).await;
                }
                result => return Ok(result?),
            }
        }
    }

    /// Connects to a database by its URL.
    ///
    /// # Errors
    /// A wrong URL; a server that cannot be reached or refuses.
    pub async fn connect(&self, url: Option<&str>) -> Result<Connection, Error> {
        let settings = ConnectSettings::resolve(url, &Environment::of_process())?;
        Ok(connect(&settings.with_application_name("trueup")).await?)
    }

    /// Starts a scratch server for a major. `None`, with a note, where there are no programs or it is switched off.
    ///
    /// # Errors
    /// A server that was asked for and cannot be had.
    pub async fn scratch(&self, major: u32) -> Result<Option<Scratch>, Error> {
        let wanted = &self.settings.scratch;
        if wanted.mode == ScratchMode::Off {
            return Ok(None);
        }
        let options = ScratchOptions { bin: wanted.bin.clone(), url: wanted.url.as_ref().map(|url| url.0.clone()), major };
        match scratch::start(&options).await {
            Ok(scratch) => Ok(Some(scratch)),
            Err(error) if error.is_absence() && wanted.url.is_none() && wanted.bin.is_none() => {
                self.reporter.diagnostic(&Diagnostic::warning(format!("no scratch server: {error}; going on without one")));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads and parses the schema files of the settings.
    ///
    /// # Errors
    /// Files that cannot be read, or are wrong.
    pub fn schema_files(&self) -> Result<SchemaFiles, Error> {
        for path in &self.settings.schema {
            if !Path::new(path).exists() {
                return Err(Error::usage(
                    Diagnostic::error(format!("there is no {}", path.display()))
                        .help("name the folder of the schema files by --schema or in trueup.toml; `trueup init` makes one"),
                ));
            }
        }
        self.parse_files(&self.settings.schema)
    }

    /// Reads and parses some schema files.
    ///
    /// # Errors
    /// Files that cannot be read, or are wrong.
    pub fn parse_files(&self, paths: &[std::path::PathBuf]) -> Result<SchemaFiles, Error> {
        let mut files = files::parse(files::find(paths)?)?;
        files.manage = self.manage();
        for (origin, note) in &files.notes {
            self.reporter.diagnostic(&Diagnostic::note(format!("{}: {note}", origin.file)));
        }
        Ok(files)
    }
}

impl Fingerprint for Context {
    async fn fingerprint(&self, connection: &Connection) -> Result<Option<String>, Error> {
        let catalog = live::read(&connection.client, connection.server.major, &self.scope()).await?;
        Ok(Some(catalog.fingerprint()))
    }

    async fn observe(&self, connection: &Connection) -> Result<Option<(String, Vec<u8>)>, Error> {
        let catalog = live::read(&connection.client, connection.server.major, &self.scope()).await?;
        Ok(Some((catalog.fingerprint(), pack(&catalog)?)))
    }
}

/// A catalog as the tracking schema keeps it: JSON, by gzip.
///
/// # Errors
/// Never in practice: every part of a catalog has a form in JSON.
pub fn pack(catalog: &Catalog) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| Error::usage(format!("the catalog cannot be packed: {error}"));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut encoder, catalog).map_err(|error| failed(error.into()))?;
    encoder.finish().map_err(failed)
}

/// What [`pack`] has packed.
///
/// # Errors
/// Where a newer trueup has packed it, or somebody else has written it.
pub fn unpack(content: &[u8]) -> Result<Catalog, Error> {
    serde_json::from_reader(GzDecoder::new(content)).map_err(|error| {
        Error::usage(
            Diagnostic::error(format!("the recorded catalog cannot be read: {error}"))
                .help("it may have been written by another version of trueup: compare with files instead, by --against"),
        )
    })
}

/// A catalog whose expressions are compared by their spelling, as those of a recorded catalog are.
pub fn as_spelled(mut catalog: Catalog) -> Catalog {
    let has_expressions = |_: &ObjectId, entry: &Entry| !entry.object.clone().exprs().is_empty();
    catalog.change_all(has_expressions, |_, entry| {
        for expr in entry.object.exprs() {
            let spelling = expr.sql.clone();
            expr.set_key(spelling);
        }
    });
    catalog
}
