//! Where known states are kept: one file per project and scratch server in the cache, which may vanish at any time.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::claim::Proved;
use super::{Known, Row};
use crate::model::{Entry, ObjectId, hex};
use crate::plan::goal::{Goal, Memory};
use crate::plan::rename;
use crate::scratch::{self, Scratch};
use crate::source::digest::Digest;

/// What is not used that long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The place of a known state.
#[derive(Clone, Debug)]
pub struct Place(PathBuf);

/// What stands before the rows.
#[derive(Serialize, Deserialize)]
struct Head {
    in_parts: u32,
    extensions: String,
    idle: Digest,
    entries: Vec<(ObjectId, Entry)>,
}

impl Place {
    /// Where something may be known of what is planned towards on a scratch server; `None` where nothing may, there is no cache, or the program
    /// itself cannot be told from another version of it.
    pub fn of(goal: &Goal<'_>, scratch: &Scratch) -> Option<Self> {
        let Goal { files, role, scope, memory, .. } = goal;
        let Memory { project, .. } = memory.filter(|memory| files.statements.len() >= memory.statements)?;
        if !scope.ignore.is_empty() || !rename::hints(files).is_empty() {
            return None;
        }
        let (program, path) = std::env::current_exe().and_then(|path| Ok((path.metadata()?, path))).ok()?;
        let built = program.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let server = scratch.description();
        let key = format!("{}\0{}\0{built:?}\0{project}\0{server}\0{role}\0{:?}", path.display(), program.len(), scope.exclude_schemas);
        let name = hex(&Sha256::digest(key).as_slice()[..12]);
        Some(Self(scratch::cache_folder()?.join(format!("known-{name}"))))
    }

    /// Whether there is something.
    pub fn is_taken(&self) -> bool {
        self.0.is_file()
    }

    /// What is kept there; `None` where nothing is, or nothing of use.
    #[tracing::instrument(level = "debug", name = "recall", skip_all)]
    pub fn read(&self) -> Option<Known> {
        read(&self.0).inspect_err(|error| tracing::debug!(%error, path = %self.0.display(), "nothing is known")).ok()
    }

    /// Keeps a state; a cache that cannot be written costs time only.
    #[tracing::instrument(level = "debug", name = "keep", skip_all)]
    pub fn keep(&self, known: Known) {
        self.tell(write(&self.0, known));
    }

    /// The last proof that was carried out here.
    pub fn proved(&self) -> Option<Proved> {
        serde_json::from_slice(&fs::read(self.proof()).ok()?).ok()
    }

    /// Keeps a proof.
    pub fn keep_proved(&self, proved: &Proved) {
        let written = serde_json::to_vec(proved).map_err(io::Error::from).and_then(|text| put(&self.proof(), &[&text]));
        self.tell(written);
    }

    fn proof(&self) -> PathBuf {
        self.0.with_extension("proof")
    }

    fn tell(&self, written: io::Result<()>) {
        if let Err(error) = written {
            tracing::debug!(%error, path = %self.0.display(), "what is known is not kept");
        }
    }
}

fn read(path: &Path) -> io::Result<Known> {
    let all = fs::read(path)?;
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    // The last bytes tell how long the pieces must be: a file that was cut short would lack objects.
    let (rest, lengths) = all.split_last_chunk::<16>().ok_or_else(cut)?;
    let mut lengths =
        lengths.as_chunks::<8>().0.iter().map(|length| usize::try_from(u64::from_be_bytes(*length)).map_err(io::Error::other));
    let mut rest = rest;
    let mut piece = || -> io::Result<&[u8]> {
        let length = lengths.next().ok_or_else(cut)??;
        let (piece, after) = rest.split_at_checked(length).ok_or_else(cut)?;
        rest = after;
        Ok(piece)
    };
    let (head, rows) = (piece()?, digests(piece()?)?);
    let Head { in_parts, extensions, idle, entries } = serde_json::from_slice(head)?;
    let (rows, []) = rows.as_chunks::<3>() else { return Err(cut()) };
    let rows = rows.iter().map(|[id, tale, object]| (*id, Row { tale: *tale, object: *object })).collect();
    Ok(Known { in_parts, extensions, idle, entries, rows })
}

fn digests(bytes: &[u8]) -> io::Result<Vec<Digest>> {
    match bytes.as_chunks::<{ Digest::BYTES }>() {
        (all, []) => Ok(all.iter().copied().map(Digest::from_bytes).collect()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn write(path: &Path, Known { in_parts, extensions, idle, entries, rows }: Known) -> io::Result<()> {
    let head = serde_json::to_vec(&Head { in_parts, extensions, idle, entries })?;
    let rows: Vec<u8> = rows.iter().flat_map(|(id, row)| [*id, row.tale, row.object].map(Digest::bytes)).flatten().collect();
    let pieces = [head.as_slice(), &rows];
    let lengths = pieces.map(|piece| (piece.len() as u64).to_be_bytes());
    put(path, &[pieces.as_slice(), &lengths.each_ref().map(<[u8; 8]>::as_slice)].concat())
}

/// Writes a file whole or not at all, to be read by its owner alone.
fn put(path: &Path, content: &[&[u8]]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    forget(folder);
    let mut half = tempfile::Builder::new().prefix(".known-").tempfile_in(folder)?;
    for piece in content {
        half.write_all(piece)?;
    }
    half.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes what nobody has used for long.
fn forget(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| {
        let used = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        used.and_then(|used| used.elapsed().ok()).is_some_and(|age| age > FORGOTTEN)
    };
    let kept = fs::read_dir(folder).into_iter().flatten().flatten();
    let old = kept.filter(|entry| entry.file_name().to_string_lossy().starts_with("known-") && is_old(entry));
    old.for_each(|entry| drop(fs::remove_file(entry.path())));
}
