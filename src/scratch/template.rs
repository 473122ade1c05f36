//! The data folder that every scratch server starts from: made once per server version, kept in the cache, copied per run.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{fs, io, thread};

use sha2::{Digest, Sha256};

use super::ScratchError;
use super::account::Account;
use super::find::Programs;
use crate::model::hex;

/// Changes whenever what [`make`] makes changes, so that older cached folders are not used.
const FORMAT: u32 = 1;

/// Where the template of these programs is kept: `trueup` in the user's cache folder.
pub(super) fn cached(programs: &Programs, cache: &Path) -> PathBuf {
    let digest = Sha256::digest(programs.bin.as_os_str().as_encoded_bytes());
    let place = hex(&digest.as_slice()[..6]);
    let version: String = programs.version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect();
    cache.join(format!("scratch-{FORMAT}-{version}-{place}"))
}

/// `$XDG_CACHE_HOME/trueup` or `~/.cache/trueup`.
pub fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache"))).map(|folder| folder.join("trueup"))
}

/// Puts a fresh copy of the template at `data`, making the template first where the cache has none. A cache that cannot be
/// written only costs time.
pub(super) fn provide(programs: &Programs, account: Account, data: &Path) -> Result<(), ScratchError> {
    let Some(cache) = cache_folder() else {
        return make(programs, account, data);
    };
    let kept = cached(programs, &cache);
    if kept.is_dir() {
        return copy_for(account, &kept, data);
    }
    make(programs, account, data)?;
    if let Err(error) = keep(data, &cache, &kept) {
        tracing::debug!(cache = %kept.display(), %error, "the scratch template is not kept");
    }
    Ok(())
}

/// Forgets a template, so that the next run makes it anew.
pub(super) fn forget(programs: &Programs) -> bool {
    cache_folder().is_some_and(|cache| fs::remove_dir_all(cached(programs, &cache)).is_ok())
}

/// Copies the template into the cache under another name first: a rename is all or nothing, also between two runs.
fn keep(data: &Path, cache: &Path, kept: &Path) -> io::Result<()> {
    fs::create_dir_all(cache)?;
    let half = tempfile::Builder::new().prefix(".scratch-").tempdir_in(cache)?;
    copy(data, &half.path().join("data"), &|_| Ok(()))?;
    fs::rename(half.path().join("data"), kept)
}

fn copy_for(account: Account, kept: &Path, data: &Path) -> Result<(), ScratchError> {
    copy(kept, data, &|path| account.own(path)).map_err(|e| ScratchError::prepare(format!("copying {}", kept.display()), e))
}

/// `initdb`, then everything out that a scratch server does not need: half of the files to copy per run.
fn make(programs: &Programs, account: Account, data: &Path) -> Result<(), ScratchError> {
    let mut initdb = account.command(&programs.bin.join("initdb"));
    initdb.arg("-D").arg(data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1"]);
    let output = initdb.stdin(Stdio::null()).output().map_err(|e| ScratchError::prepare("initdb", e))?;
    if !output.status.success() {
        let said = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        return Err(ScratchError::prepare("initdb", said.trim()));
    }
    // template1 has "no special status beyond" being the default template (manual, Template Databases)
    let lean = "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = 'template1';\nDROP DATABASE template1;\n";
    let failed = |e: &dyn std::fmt::Display| ScratchError::prepare("postgres --single", e);
    let mut single = account.command(&programs.bin.join("postgres"));
    single.args(["--single", "-F", "-c", "log_min_messages=error", "-D"]).arg(data).arg("postgres");
    let mut child = single.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().map_err(|e| failed(&e))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(lean.as_bytes()).map_err(|e| failed(&e))?;
    }
    let output = child.wait_with_output().map_err(|e| failed(&e))?;
    if !output.status.success() {
        return Err(failed(&String::from_utf8_lossy(&output.stderr).trim()));
    }
    drop_spare_wal(data).map_err(|e| failed(&e))
}

/// Removes segments that initdb made in advance: after a clean shutdown only the one with the last checkpoint is read, the oldest.
fn drop_spare_wal(data: &Path) -> io::Result<()> {
    let mut segments: Vec<_> =
        fs::read_dir(data.join("pg_wal"))?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    segments.sort();
    segments.iter().skip(1).try_for_each(fs::remove_file)
}

/// Copies a folder with several threads: nearly all of the time is file creation in the kernel.
fn copy(from: &Path, to: &Path, own: &(dyn Fn(&Path) -> io::Result<()> + Sync)) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from).map_err(io::Error::other)?);
        if entry.file_type().is_dir() {
            fs::DirBuilder::new().mode(0o700).create(&target)?;
            own(&target)?;
        } else {
            files.push((entry.into_path(), target));
        }
    }
    let threads = thread::available_parallelism().map_or(1, |n| n.get().min(4));
    let part = files.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let copies: Vec<_> = files
            .chunks(part)
            .map(|chunk| {
                scope.spawn(|| {
                    chunk.iter().try_for_each(|(from, to)| {
                        fs::copy(from, to)?;
                        own(to)
                    })
                })
            })
            .collect();
        copies.into_iter().try_for_each(|copy| copy.join().unwrap_or_else(|_| Err(io::Error::other("the copying thread panicked"))))
    })?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o700))
}
