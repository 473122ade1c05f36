//! What libpq takes from the surroundings: `PG*` variables, service files, and the password file.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::keywords::{KEYWORDS, Params};
use super::{ConnectError, Secret};

/// The surroundings that settings are resolved in; of this process, or made up by a test.
#[derive(Clone, Default)]
pub struct Environment {
    /// Environment variables.
    pub vars: BTreeMap<String, String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The operating system's name of the user.
    pub user: Option<String>,
}

impl Environment {
    /// The surroundings of this process. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        let vars: BTreeMap<_, _> = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect();
        let account = nix::unistd::User::from_uid(nix::unistd::geteuid()).ok().flatten();
        let home = vars.get("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
        Self { home: home.or_else(|| account.as_ref().map(|a| a.dir.clone())), user: account.map(|a| a.name), vars }
    }

    /// A variable that is set and not empty, as libpq's `getenv` checks have it.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A file in the home folder, if there is a home.
    pub(super) fn home_file(&self, name: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(name))
    }
}

/// Completes what the connection string says: service file, then variables (`conninfo_add_defaults`: a service is
/// stronger than the environment).
pub(super) fn complete(mut params: Params, env: &Environment) -> Result<Params, ConnectError> {
    if let Some(service) = params.get("service").or_else(|| env.var("PGSERVICE")).map(str::to_owned) {
        let file = params.get("servicefile").map(str::to_owned);
        add_service(&mut params, &service, file.as_deref(), env)?;
    }
    for (keyword, variable) in KEYWORDS {
        if let Some(value) = env.var(variable).filter(|_| !variable.is_empty()) {
            params.set_default(keyword, value)?;
        }
    }
    Ok(params)
}

/// `parseServiceInfo`: the user's file, then `pg_service.conf` in `PGSYSCONFDIR`.
fn add_service(params: &mut Params, service: &str, file: Option<&str>, env: &Environment) -> Result<(), ConnectError> {
    let named = file.or_else(|| env.var("PGSERVICEFILE")).map(PathBuf::from);
    if let Some(file) = &named
        && !file.exists()
    {
        return Err(ConnectError::Settings(format!("the service file {} does not exist", file.display())));
    }
    let user = named.or_else(|| env.home_file(".pg_service.conf"));
    let system = env.var("PGSYSCONFDIR").map(|folder| Path::new(folder).join("pg_service.conf"));
    for file in [user, system].into_iter().flatten().filter(|file| file.exists()) {
        let text = fs::read_to_string(&file).map_err(|e| ConnectError::Settings(format!("service file {}: {e}", file.display())))?;
        if service_section(params, service, &text).map_err(|e| ConnectError::Settings(format!("service file {}, {e}", file.display())))? {
            return Ok(());
        }
    }
    Err(ConnectError::Settings(format!("no service file defines the service \"{service}\"")))
}

/// Takes the section of one service; whether it is there.
fn service_section(params: &mut Params, service: &str, text: &str) -> Result<bool, String> {
    let mut found = false;
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if found {
                break;
            }
            inside = name == service;
            found |= inside;
        } else if inside {
            let (key, value) = line.split_once('=').ok_or_else(|| format!("line {}: no \"=\"", number + 1))?;
            if key.trim() == "service" {
                return Err(format!("line {}: a service cannot name another one", number + 1));
            }
            params.set_default(key.trim(), value.trim()).map_err(|e| format!("line {}: {e}", number + 1))?;
        }
    }
    Ok(found)
}

/// The password that the password file has for a connection
/// (<https://www.postgresql.org/docs/current/libpq-pgpass.html>). A file that others can read is passed over with a warning.
pub(super) fn password_from_file(file: &Path, login: [&str; 4], warnings: &mut Vec<String>) -> Option<Secret> {
    let meta = fs::metadata(file).ok()?;
    if !meta.is_file() {
        warnings.push(format!("password file {} is not a plain file", file.display()));
        return None;
    }
    if meta.permissions().mode() & 0o077 != 0 {
        warnings.push(format!(
            "password file {} has group or world access and is not used; permissions should be u=rw (0600) or less",
            file.display()
        ));
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = split_passfile_line(line)?;
        let (password, patterns) = fields.split_last()?;
        let matches = patterns.iter().zip(login).all(|(pattern, value)| pattern.as_str() == "*" || unescape(pattern) == value);
        (matches && !password.is_empty()).then(|| Secret::new(unescape(password)))
    })
}

/// Splits at the first four unescaped colons; the rest is the password, escapes still in place.
fn split_passfile_line(line: &str) -> Option<[String; 5]> {
    let mut fields: [String; 5] = Default::default();
    let mut at = 0;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' if at < 4 => at += 1,
            '\\' => {
                fields[at].push(c);
                fields[at].extend(chars.next());
            }
            c => fields[at].push(c),
        }
    }
    (at == 4).then_some(fields)
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        if c == '\\' { text.extend(chars.next()) } else { text.push(c) }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn passfile(text: &str, mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn the_first_line_that_matches_counts() {
        let file = passfile("# a comment\nh:5432:d:u:first\n*:*:d\\:e:*:pa\\:ss\\\\w:rest\n*:*:*:*:any\n", 0o600);
        let ask = |login| password_from_file(file.path(), login, &mut Vec::new()).map(|p| p.reveal().to_owned());
        assert_eq!(ask(["h", "5432", "d", "u"]).as_deref(), Some("first"));
        assert_eq!(ask(["x", "1", "d:e", "u"]).as_deref(), Some(r"pa:ss\w:rest"));
        assert_eq!(ask(["x", "1", "z", "u"]).as_deref(), Some("any"));
    }

    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        let file = passfile("*:*:*:*:any\n", 0o644);
        let mut warnings = Vec::new();
        assert_eq!(password_from_file(file.path(), ["h", "5432", "d", "u"], &mut warnings), None);
        assert!(warnings[0].contains("0600"), "{warnings:?}");
    }

    #[test]
    fn a_service_is_stronger_than_the_environment_and_weaker_than_the_string() {
        let file = passfile("[other]\nhost=wrong\n[mine]\n# c\nhost=from-service\nport=1\ndbname=from-service\n", 0o600);
        let vars = [
            ("PGSERVICEFILE", file.path().to_str().unwrap()),
            ("PGSERVICE", "mine"),
            ("PGHOST", "from-env"),
            ("PGUSER", "from-env"),
            ("PGPORT", ""),
        ];
        let env = Environment { vars: vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(), ..Default::default() };
        let mut given = Params::default();
        given.set("dbname", "given").unwrap();
        let params = complete(given, &env).unwrap();
        assert_eq!(params.get("dbname"), Some("given"));
        assert_eq!(params.get("host"), Some("from-service"));
        assert_eq!(params.get("port"), Some("1"));
        assert_eq!(params.get("user"), Some("from-env"));
    }

    #[test]
    fn a_missing_service_is_an_error() {
        let mut given = Params::default();
        given.set("service", "nowhere").unwrap();
        assert!(complete(given, &Environment::default()).unwrap_err().to_string().contains("nowhere"));
    }
}
