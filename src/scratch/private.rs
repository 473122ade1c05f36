//! A private server: its folder, its guard, its start and its end.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;

use super::account::Account;
use super::find::{self, Programs};
use super::{ScratchError, template};
use crate::source::connect::ConnectSettings;

const PREFIX: &str = "trueup-scratch-";
const PORT: u16 = 5432;
const GUARD: &str = include_str!("guard.sh");
/// `sockaddr_un.sun_path` is 108 bytes on Linux and 104 elsewhere, the last one 0.
const LONGEST_SOCKET: usize = 103;
/// Bytes that must be free: the template, and databases enough for a proof of a large schema.
const ROOM: u128 = 512 << 20;
/// A folder of this age may not be claimed yet by the run that makes it.
const JUST_MADE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// What makes a server quick that never has to survive anything, and keeps it from reaching out of its folder.
const SERVER_SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "jit=off",
    "wal_level=logical",
    "max_wal_senders=0",
    // subscriptions of the schema files must not reach their publishers
    "max_logical_replication_workers=0",
    "max_connections=20",
    "shared_buffers=16MB",
    // the statements of a large plan run in one transaction, with a lock on every relation
    "max_locks_per_transaction=2048",
    // segments as files of the data folder, so that they go with it
    "dynamic_shared_memory_type=mmap",
    "min_wal_size=2MB",
    "max_wal_size=256MB",
    "log_min_messages=fatal",
    "log_min_error_statement=panic",
    "restart_after_crash=off",
];

/// A running server that nobody else sees. When it is dropped, or its process dies, the guard takes it down.
#[derive(Debug)]
pub(super) struct PrivateServer {
    folder: PathBuf,
    programs: Programs,
    guard: Child,
    /// Its end is the guard's signal; `None` once that is given.
    lifeline: Option<ChildStdin>,
    /// Servers' and guards' messages, in a file without a name.
    log: File,
    /// Locked while the server is wanted: other runs tell leftovers by it.
    _claim: File,
}

impl PrivateServer {
    /// Finds programs, makes a data folder, and starts the server; it may not accept sessions yet. Blocks for some hundredths of a second.
    pub fn launch(bin: Option<&Path>, wanted: u32) -> Result<Self, ScratchError> {
        let account = Account::current()?;
        let programs = find::find(bin, wanted, account)?;
        let folders = base_folders();
        folders.iter().for_each(|folder| sweep(folder, account));
        let base = base_folder(&folders, account)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&base).map_err(|e| unusable(&base, &e))?;
        let claim = claim(folder.path()).map_err(|e| unusable(folder.path(), &e))?;
        account.own(folder.path()).map_err(|e| unusable(folder.path(), &e))?;
        template::provide(&programs, account, &folder.path().join("data"))?;
        let log = tempfile::tempfile_in(&base).map_err(|e| unusable(&base, &e))?;
        let mut guard = spawn_guard(&programs, account, folder.path(), &log)?;
        let lifeline = guard.stdin.take();
        // from here on the folder is the guard's to remove
        Ok(Self { folder: folder.keep(), programs, guard, lifeline, log, _claim: claim })
    }

    /// Waits until the server says in `postmaster.pid` that it is ready (`PM_STATUS_READY` of src/include/utils/pidfile.h).
    pub async fn ready(&mut self) -> Result<(), ScratchError> {
        let began = Instant::now();
        let status_file = self.folder.join("data/postmaster.pid");
        loop {
            let text = fs::read_to_string(&status_file).unwrap_or_default();
            if text.lines().nth(7).is_some_and(|status| status.trim() == "ready") {
                return Ok(());
            }
            if !matches!(self.guard.try_wait(), Ok(None)) {
                return Err(self.start_error(self.log_text()));
            }
            if began.elapsed() > PATIENCE {
                return Err(self.start_error(format!("not ready after {} s: {}", PATIENCE.as_secs(), self.log_text())));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn start_error(&self, reason: String) -> ScratchError {
        ScratchError::Start { bin: self.programs.bin.display().to_string(), reason }
    }

    /// What server and guard said, its last part.
    pub fn log_text(&self) -> String {
        let mut text = Vec::new();
        let read = self.log.try_clone().and_then(|mut log| log.rewind().and_then(|()| log.read_to_end(&mut text)));
        match read {
            Ok(_) => {
                let text = String::from_utf8_lossy(&text);
                let lines: Vec<_> = text.trim().lines().collect();
                lines[lines.len().saturating_sub(12)..].join("\n")
            }
            Err(e) => format!("its log cannot be read: {e}"),
        }
    }

    pub fn settings(&self) -> ConnectSettings {
        ConnectSettings::on_socket(&self.folder, PORT, "postgres", "postgres")
    }

    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Takes the server down and its folder away.
    pub async fn stop(mut self) -> Result<(), ScratchError> {
        drop(self.lifeline.take());
        let began = Instant::now();
        while matches!(self.guard.try_wait(), Ok(None)) {
            if began.elapsed() > PATIENCE {
                return Err(self.start_error("it does not stop".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // nothing can be reported from here, and the guard works on without us
        let _ended = self.guard.wait();
        if self.folder.exists() {
            // the guard was killed: do its work
            take_down(&self.folder, None);
        }
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> ScratchError {
    ScratchError::prepare(format!("the temporary folder {}", path.display()), error)
}

/// Folders for temporary files: what TMPDIR names, else memory (where databases are made twenty times as fast as on a busy disk), else `/tmp`.
fn base_folders() -> Vec<PathBuf> {
    let named = std::env::var_os("TMPDIR").filter(|named| !named.is_empty()).map(PathBuf::from);
    named.into_iter().chain([PathBuf::from("/dev/shm"), std::env::temp_dir(), PathBuf::from("/tmp")]).collect()
}

/// The first of them with room for databases, whose name leaves room for a socket's, and that the server's account may use.
fn base_folder(folders: &[PathBuf], account: Account) -> Result<PathBuf, ScratchError> {
    let roomy = |folder: &Path| {
        nix::sys::statvfs::statvfs(folder).is_ok_and(|fs| u128::from(fs.blocks_available()) * u128::from(fs.fragment_size()) >= ROOM)
    };
    let fits = |folder: &&PathBuf| {
        let socket = folder.join(format!("{PREFIX}XXXXXX/.s.PGSQL.{PORT}"));
        let short = socket.as_os_str().len() <= LONGEST_SOCKET;
        folder.is_absolute() && folder.is_dir() && short && account.may_use(folder) && roomy(folder)
    };
    let none = || {
        let names: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
        ScratchError::prepare(
            "no folder for temporary files fits",
            format!("{} are full, too long, or closed to the server", names.join(", ")),
        )
    };
    folders.iter().find(fits).cloned().ok_or_else(none)
}

fn claim(folder: &Path) -> std::io::Result<File> {
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW;
    let file = fs::OpenOptions::new().read(true).custom_flags(flags.bits()).open(folder)?;
    file.try_lock().map_err(std::io::Error::from)?;
    Ok(file)
}

/// Starts `sh` (which initdb needs as well) with the guard script, in a process group of its own, so that Ctrl-C and a closing terminal do not
/// end it before its work.
fn spawn_guard(programs: &Programs, account: Account, folder: &Path, log: &File) -> Result<Child, ScratchError> {
    let failed = |e: std::io::Error| ScratchError::prepare("starting the server's guard", e);
    let mut command = account.command(Path::new("/bin/sh"));
    command.args(["-c", GUARD, "trueup-scratch-guard"]).arg(folder);
    command.arg(programs.bin.join("postgres")).arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-p", &PORT.to_string()]);
    for setting in SERVER_SETTINGS {
        command.args(["-c", setting]);
    }
    let (out, err) = (log.try_clone().map_err(failed)?, log.try_clone().map_err(failed)?);
    command.stdin(Stdio::piped()).stdout(out).stderr(err).process_group(0).spawn().map_err(failed)
}

/// Removes what runs left whose process and guard were both killed. Only folders of the account that servers run as are looked at.
fn sweep(base: &Path, account: Account) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let folder = entry.path();
        let old = |meta: &fs::Metadata| meta.modified().is_ok_and(|at| at.elapsed().is_ok_and(|age| age > JUST_MADE));
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX))
            && folder.symlink_metadata().is_ok_and(|meta| meta.is_dir() && meta.uid() == account.uid() && old(&meta));
        if ours && let Ok(_claim) = claim(&folder) {
            take_down(&folder, Some(account));
        }
    }
}

/// Ends the server of a folder if one listens there, and removes the folder, with the rights of its owner.
fn take_down(folder: &Path, account: Option<Account>) {
    // bounded: in a container without an init, an ended server may stay a zombie
    const SCRIPT: &str =
        r#"[ -z "$2" ] || { kill -QUIT "$2"; for try in 1 2 3 4 5 6 7; do kill -0 "$2" && sleep 1; done; } 2>/dev/null; rm -rf "$1""#;
    let Some(account) = account.or_else(|| Account::current().ok()) else { return };
    let listens = UnixStream::connect(folder.join(format!(".s.PGSQL.{PORT}"))).is_ok();
    let pid_file = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    let pid = pid_file.lines().next().filter(|pid| listens && pid.parse::<u32>().is_ok_and(|pid| pid > 1)).unwrap_or("");
    let mut command = account.command(Path::new("/bin/sh"));
    command.args(["-c", SCRIPT, "trueup-scratch-sweep"]).arg(folder).arg(pid).stdin(Stdio::null());
    if let Err(error) = command.stdout(Stdio::null()).stderr(Stdio::null()).status() {
        tracing::debug!(folder = %folder.display(), %error, "a leftover scratch server stays");
    }
}
