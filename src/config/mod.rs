//! Settings: flag, environment variable, environment table, file, default, resolved once.

mod file;
mod ignore;
mod known;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use ignore::Ignore;
pub use known::{KNOWN, Known, closest, variable};

use crate::error::Error;
use crate::object::Kind;
use crate::report::{Diagnostic, Level, Place};
use value::{Origin, Raw, Value, Variables};

/// The file that is read where none is named.
pub const FILE_NAME: &str = "trueup.toml";

/// With fewer statements, running them all costs about as little as finding out which ones need not be run.
const KNOWN_FROM: u32 = 300;

/// A connection string, which may hold a password and is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(..)")
    }
}

/// Whether a throwaway server is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScratchMode {
    /// Where PostgreSQL's programs are found.
    #[default]
    Auto,
    /// Never.
    Off,
}

/// The throwaway server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scratch {
    /// Whether there is one.
    pub mode: ScratchMode,
    /// A server that already runs.
    pub url: Option<DatabaseUrl>,
    /// Where the programs are.
    pub bin: Option<PathBuf>,
    /// From how many statements on states are kept that files are known to make; 0 for never.
    pub known_from: u32,
}

/// Whether a satellite of objects is managed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Managing {
    /// Where the schema files speak of it.
    #[default]
    Auto,
    /// Always: what the files do not say is taken away.
    Always,
    /// Never.
    Never,
}

/// What `[lint]` says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintLevel {
    /// How bad a finding is; `None` where the rule is off.
    pub level: Option<Level>,
    /// Where it says so.
    pub place: Option<Place>,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// The environment that was chosen.
    pub env: Option<String>,
    /// Folders and files of the desired state.
    pub schema: Vec<PathBuf>,
    /// The folder of the plan files.
    pub plans: PathBuf,
    /// The database; libpq's variables where it is absent.
    pub database_url: Option<DatabaseUrl>,
    /// The throwaway server.
    pub scratch: Scratch,
    /// The longest wait for the migration lock.
    pub lock_timeout: Duration,
    /// `lock_timeout` of one try of a step.
    pub step_lock_timeout: Duration,
    /// `statement_timeout` of a step; zero for none.
    pub statement_timeout: Duration,
    /// How often a step that got no lock is tried again.
    pub retries: u32,
    /// Whether changes of existing tables take the way that blocks least.
    pub online: bool,
    /// Whether owners are managed.
    pub manage_owners: Managing,
    /// Whether privileges are managed.
    pub manage_privileges: Managing,
    /// What is not managed.
    pub ignore: Vec<Ignore>,
    /// Levels of lint rules, by name.
    pub lint: BTreeMap<String, LintLevel>,
}

/// What the command line says of settings.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--env`.
    pub env: Option<String>,
    values: BTreeMap<String, Value>,
}

impl Overrides {
    /// A flag that sets one of [`KNOWN`].
    pub fn set(&mut self, key: &'static str, flag: &'static str, value: impl Into<String>) {
        self.values.insert(key.to_owned(), Value { raw: Raw::Text(value.into()), origin: Origin::Flag(flag) });
    }

    /// A flag that was perhaps given.
    pub fn set_opt(&mut self, key: &'static str, flag: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.set(key, flag, value.to_string());
        }
    }

    /// A flag that can be given several times.
    pub fn set_list(&mut self, key: &'static str, flag: &'static str, values: &[String]) {
        if !values.is_empty() {
            self.values.insert(key.to_owned(), Value { raw: Raw::List(values.to_vec()), origin: Origin::Flag(flag) });
        }
    }
}

impl Settings {
    /// Resolves the settings for this process.
    ///
    /// # Errors
    /// A file that cannot be read or is wrong, an environment that it does not have, a value that means nothing.
    pub fn resolve(overrides: &Overrides) -> Result<Self, Error> {
        let variables = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = overrides.config.clone().or_else(|| variables("TRUEUP_CONFIG").map(PathBuf::from));
        let (path, wanted) = path.map_or_else(|| (PathBuf::from(FILE_NAME), false), |path| (path, true));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !wanted => None,
            Err(error) => return Err(Error::usage(format!("cannot read {}: {error}", path.display()))),
        };
        Self::resolve_from(overrides, text.as_deref().map(|text| (path.as_path(), text)), &variables)
    }

    /// Resolves the settings from a file's text and variables.
    fn resolve_from(overrides: &Overrides, file: Option<(&Path, &str)>, variables: Variables<'_>) -> Result<Self, Error> {
        let mut config = match file {
            Some((path, text)) => file::read(&path.display().to_string(), text)?,
            None => file::ConfigFile::default(),
        };
        let env = overrides.env.clone().or_else(|| variables("TRUEUP_ENV"));
        let mut values = std::mem::take(&mut config.base);
        if let Some(name) = &env {
            let table = config.environments.remove(name).ok_or_else(|| unknown_environment(name, file.map(|(path, _)| path), &config))?;
            values.extend(table);
        }
        for known in KNOWN {
            let name = variable(known.key);
            if let Some(text) = variables(&name) {
                values.insert(known.key.to_owned(), Value { raw: Raw::Text(text), origin: Origin::Variable(name) });
            }
        }
        values.extend(overrides.values.clone());
        let base = file.and_then(|(path, _)| path.parent()).unwrap_or(Path::new(""));
        Resolver { values: &values, variables, base }.settings(file.map(|(path, _)| path.to_owned()), env)
    }
}

fn unknown_environment(name: &str, file: Option<&Path>, config: &file::ConfigFile) -> Error {
    let Some(file) = file else {
        return Error::usage(
            Diagnostic::error(format!("there is no {FILE_NAME} that could say what the environment {name} is"))
                .help(format!("write one with a table [env.{name}], or give --database-url instead")),
        );
    };
    let problem = Diagnostic::error(format!("{} has no environment {name}", file.display()));
    Error::usage(match closest(name, config.environments.keys().cloned()) {
        Some(nearest) => problem.help(format!("did you mean {nearest}?")),
        None => problem.help(format!("write a table [env.{name}]")),
    })
}

struct Resolver<'a> {
    values: &'a BTreeMap<String, Value>,
    variables: Variables<'a>,
    base: &'a Path,
}

impl Resolver<'_> {
    fn settings(&self, file: Option<PathBuf>, env: Option<String>) -> Result<Settings, Error> {
        let managing = [("auto", Managing::Auto), ("always", Managing::Always), ("never", Managing::Never)];
        let modes = [("auto", ScratchMode::Auto), ("off", ScratchMode::Off)];
        let url = |key: &str| Ok::<_, Error>(self.get(key, Value::text)?.map(DatabaseUrl));
        Ok(Settings {
            file,
            env,
            schema: self.paths("schema")?.unwrap_or_else(|| vec![PathBuf::from("db/schema")]),
            plans: self.paths("plans")?.and_then(|mut paths| paths.pop()).unwrap_or_else(|| PathBuf::from("plans")),
            database_url: url("database_url")?,
            scratch: Scratch {
                mode: self.get("scratch.mode", |v, key, vars| v.word(key, &modes, vars))?.unwrap_or_default(),
                url: url("scratch.url")?,
                bin: self.paths("scratch.bin")?.and_then(|mut paths| paths.pop()),
                known_from: self.get("scratch.known_from", Value::number)?.unwrap_or(KNOWN_FROM),
            },
            lock_timeout: self.get("lock_timeout", Value::duration)?.unwrap_or(Duration::from_secs(30)),
            step_lock_timeout: self.get("step_lock_timeout", Value::duration)?.unwrap_or(Duration::from_secs(3)),
            statement_timeout: self.get("statement_timeout", Value::duration)?.unwrap_or(Duration::ZERO),
            retries: self.get("retries", Value::number)?.unwrap_or(10),
            online: self.get("online", Value::boolean)?.unwrap_or(true),
            manage_owners: self.get("manage.owners", |v, key, vars| v.word(key, &managing, vars))?.unwrap_or_default(),
            manage_privileges: self.get("manage.privileges", |v, key, vars| v.word(key, &managing, vars))?.unwrap_or_default(),
            ignore: self.ignore()?,
            lint: self.lint()?,
        })
    }

    fn get<T>(&self, key: &str, meaning: impl Fn(&Value, &str, Variables<'_>) -> Result<T, Error>) -> Result<Option<T>, Error> {
        self.values.get(key).map(|value| meaning(value, key, self.variables)).transpose()
    }

    /// Paths of a file start at the file; all others where trueup was started.
    fn paths(&self, key: &str) -> Result<Option<Vec<PathBuf>>, Error> {
        let Some(value) = self.values.get(key) else { return Ok(None) };
        let paths = value.list(key, self.variables)?;
        if paths.is_empty() || paths.iter().any(String::is_empty) {
            return Err(value.wrong(format!("{key} must name a path")));
        }
        Ok(Some(paths.into_iter().map(|path| if value.in_file() { self.base.join(path) } else { PathBuf::from(path) }).collect()))
    }

    fn section(&self, section: &str) -> impl Iterator<Item = (&str, &Value)> {
        let prefix = format!("{section}.");
        self.values.iter().filter_map(move |(key, value)| Some((key.strip_prefix(&prefix)?, value)))
    }

    fn ignore(&self) -> Result<Vec<Ignore>, Error> {
        let mut all = Vec::new();
        for (name, value) in self.section("ignore") {
            let kind = Kind::ALL.iter().copied().find(|kind| kind.name() == name);
            let patterns = value.list(name, self.variables)?;
            all.extend(patterns.into_iter().map(|pattern| Ignore { kind, pattern }));
        }
        Ok(all)
    }

    fn lint(&self) -> Result<BTreeMap<String, LintLevel>, Error> {
        let levels = [("off", None), ("note", Some(Level::Note)), ("warning", Some(Level::Warning)), ("error", Some(Level::Error))];
        let mut all = BTreeMap::new();
        for (rule, value) in self.section("lint") {
            let level = value.word(&format!("lint.{rule}"), &levels, self.variables)?;
            let place = if let Origin::File(place) = &value.origin { Some(place.clone()) } else { None };
            all.insert(rule.to_owned(), LintLevel { level, place });
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
