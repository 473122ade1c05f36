//! Finds server programs on this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ScratchError;
use super::account::Account;
use crate::source::connect::SUPPORTED_MAJORS;

/// Where packages put server programs; `*` stands for any text within one name.
const USUAL: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/lib64/pgsql/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/usr/local/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/opt/homebrew/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "./.pg/*/bin",
];

/// A folder with `initdb` and `postgres`.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    /// The folder, without symbolic links.
    pub bin: PathBuf,
    /// The major version.
    pub major: u32,
    /// The whole version, as `postgres --version` gives it.
    pub version: String,
}

/// The programs to use: of the folder that was named, or of the wanted major, or of the nearest newer one.
pub(super) fn find(named: Option<&Path>, wanted: u32, account: Account) -> Result<Programs, ScratchError> {
    if let Some(folder) = named {
        let programs = inspect(folder, account).map_err(|why| ScratchError::NotFound { wanted, looked: vec![why] })?;
        if programs.major < wanted {
            return Err(ScratchError::TooOld { at: folder.display().to_string(), found: programs.major, wanted });
        }
        return Ok(programs);
    }
    let mut looked = Vec::new();
    let mut best: Option<Programs> = None;
    for folder in candidates(wanted) {
        match inspect(&folder, account) {
            Ok(programs) if programs.major == wanted => return Ok(programs),
            Ok(programs) => {
                looked.push(format!("{} ({})", folder.display(), programs.version));
                let fits = programs.major > wanted && SUPPORTED_MAJORS.contains(&programs.major);
                if fits && best.as_ref().is_none_or(|best| programs.major < best.major) {
                    best = Some(programs);
                }
            }
            Err(why) => looked.push(why),
        }
    }
    best.ok_or(ScratchError::NotFound { wanted, looked })
}

/// Folders that have a `postgres`, those whose path names the wanted major first: each one looked at costs a process.
fn candidates(wanted: u32) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    folders.extend(pg_config());
    for pattern in USUAL {
        folders.extend(expand(pattern));
    }
    let mut seen = std::collections::BTreeSet::new();
    folders.retain(|folder| folder.join("postgres").exists() && seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())));
    folders.sort_by_key(|folder| match path_major(folder) {
        Some(major) if major == wanted => 0,
        None => 1,
        Some(_) => 2,
    });
    folders
}

/// The number in `/usr/lib/postgresql/17/bin`, `postgresql@17`, `pgsql-17`.
fn path_major(folder: &Path) -> Option<u32> {
    let name = folder.parent()?.file_name()?.to_str()?;
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split('.').next()?.parse().ok()
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok().filter(|output| output.status.success())?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// Folders that a pattern stands for, newest names last.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in Path::new(pattern) {
        let Some((before, after)) = part.to_str().and_then(|part| part.split_once('*')) else {
            found.iter_mut().for_each(|folder| folder.push(part));
            continue;
        };
        let fits = |name: &OsStr| {
            name.to_str().is_some_and(|name| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after))
        };
        let entries = found.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        found = entries.filter(|entry| fits(&entry.file_name())).map(|entry| entry.path()).collect();
        found.sort();
    }
    found
}

/// Asks a `postgres` for its version, as the account that will run it.
fn inspect(folder: &Path, account: Account) -> Result<Programs, String> {
    let bin = folder.canonicalize().map_err(|e| format!("{}: {e}", folder.display()))?;
    if !bin.join("initdb").exists() {
        return Err(format!("{}: no initdb in it", folder.display()));
    }
    let output = account.command(&bin.join("postgres")).arg("--version").output();
    let output = output.map_err(|e| format!("{}: {} cannot run postgres: {e}", folder.display(), account.name()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().nth(2).unwrap_or_default().to_owned();
    let major = version.chars().take_while(char::is_ascii_digit).collect::<String>().parse();
    match major {
        Ok(major) if output.status.success() => Ok(Programs { bin, major, version }),
        _ => Err(format!("{}: postgres --version fails: {}", folder.display(), String::from_utf8_lossy(&output.stderr).trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_in_paths() {
        for (path, major) in [
            ("/usr/lib/postgresql/17/bin", Some(17)),
            ("/usr/pgsql-14/bin", Some(14)),
            ("/opt/homebrew/opt/postgresql@16/bin", Some(16)),
            ("/opt/x/16.2/bin", Some(16)),
            ("/usr/bin", None),
        ] {
            assert_eq!(path_major(Path::new(path)), major, "{path}");
        }
    }

    #[test]
    fn a_wrong_folder_is_told() {
        let Ok(account) = Account::current() else { return };
        let error = find(Some(Path::new("/nonexistent/bin")), 17, account).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("/nonexistent/bin") && e.contains("TRUEUP_SCRATCH_BIN")));
    }
}
