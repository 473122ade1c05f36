//! Bringing the schema files up to what the database is, for `dump --split` and `drift --adopt`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::Context;
use super::sources;
use crate::error::Error;
use crate::model::{Catalog, ObjectId};
use crate::plan::layout::{self, Layout, Texts, Written};
use crate::plan::merge::Speaks;
use crate::report::Diagnostic;
use crate::source::files::SchemaFiles;
use crate::source::interpret;

/// What was done to the files.
#[derive(Debug, Default)]
pub struct Done {
    /// Files that were written.
    pub written: Vec<String>,
    /// Files of which nothing was left.
    pub removed: Vec<String>,
}

/// Writes into schema files what the database is, where they say something else; of these objects alone, where some are named.
///
/// # Errors
/// Files that the interpreter cannot follow, a database that cannot be read, files that cannot be written.
pub async fn adopt(context: &Context, files: SchemaFiles, root: &Path, only: Option<&BTreeSet<ObjectId>>) -> Result<Done, Error> {
    let files = Arc::new(files);
    let target = context.target().await?;
    let (major, role) = (target.server.major, target.server.current_user.as_str().into());
    let sides = sources::compare(context, target, &files).await?;
    let speaks = files.speaks().by(&role);
    let wanted = |id: &ObjectId| speaks.covers(id) && only.is_none_or(|only| only.contains(id));
    let differing: BTreeSet<ObjectId> = sides.from.differing(&sides.to).into_iter().filter(|id| wanted(id)).collect();
    if differing.is_empty() {
        return Ok(Done::default());
    }
    let touched = touched(&files, major)?;
    let dump = layout::statements(&interpret::new_database(major), &sides.from)?;
    let dump = spoken_of(dump, &speaks);
    let single = root.is_file().then(|| root.file_name().and_then(OsStr::to_str)).flatten();
    let folder = if single.is_some() { root.parent().unwrap_or(root) } else { root };
    let texts = layout::update(&Layout { files: &files, touched: &touched, root: folder, single }, &differing, &dump);
    let done = write(texts)?;
    verify(context, root, &files, &differing).await?;
    Ok(done)
}

/// By statement, what it makes, changes or drops.
fn touched(files: &SchemaFiles, major: u32) -> Result<Vec<BTreeSet<ObjectId>>, Error> {
    let mut touched = vec![BTreeSet::new(); files.statements.len()];
    let watch = |index: usize, catalog: &Catalog| touched[index] = catalog.touched();
    interpret::watched(files, interpret::new_database(major), watch).map_err(|error| Error::from(*error))?;
    Ok(touched)
}

/// A dump without what the files do not speak of.
fn spoken_of(dump: Vec<Written>, speaks: &Speaks) -> Vec<Written> {
    let mut numbers = vec![None; dump.len()];
    let mut kept: Vec<Written> = Vec::new();
    for (number, mut written) in dump.into_iter().enumerate() {
        if written.makes.iter().any(|id| speaks.covers(id)) {
            written.after = written.after.iter().filter_map(|above| numbers[*above]).collect();
            numbers[number] = Some(kept.len());
            kept.push(written);
        }
    }
    kept
}

impl Done {
    /// Says what was done.
    pub fn tell(&self, context: &Context, root: &Path) {
        let reporter = &context.reporter;
        if self.written.is_empty() && self.removed.is_empty() {
            reporter.line(format!("{} says what the database is: nothing is written", root.display()));
        }
        self.written.iter().for_each(|path| reporter.line(format!("wrote {path}")));
        self.removed.iter().for_each(|path| reporter.line(format!("removed {path}: nothing of it is left")));
    }
}

/// Carries the changes out.
///
/// # Errors
/// What the operating system says.
pub fn write(texts: Texts) -> Result<Done, Error> {
    let mut done = Done::default();
    for (path, text) in texts {
        let failed = |error: std::io::Error| Error::usage(format!("cannot write {path}: {error}"));
        match text {
            Some(text) => {
                if let Some(folder) = Path::new(&path).parent() {
                    fs::create_dir_all(folder).map_err(failed)?;
                }
                fs::write(&path, text).map_err(failed)?;
                done.written.push(path);
            }
            None => {
                fs::remove_file(&path).map_err(failed)?;
                done.removed.push(path);
            }
        }
    }
    Ok(done)
}

/// Reads the files again: what they still say otherwise is told, for people to write.
async fn verify(context: &Context, root: &Path, before: &SchemaFiles, meant: &BTreeSet<ObjectId>) -> Result<(), Error> {
    let mut paths: Vec<std::path::PathBuf> = before.files.iter().map(|file| file.path.clone().into()).collect();
    paths.retain(|path| path.exists());
    paths.push(root.to_owned());
    let files = Arc::new(context.parse_files(&paths)?);
    let sides = sources::compare(context, context.target().await?, &files).await?;
    let left: Vec<String> = sides.from.differing(&sides.to).intersection(meant).take(8).map(ToString::to_string).collect();
    if !left.is_empty() {
        let warning = Diagnostic::warning(format!("the files still say something else of {}", left.join(", ")));
        context.reporter.diagnostic(&warning.help("`trueup diff` between the database and the files shows what"));
    }
    Ok(())
}
