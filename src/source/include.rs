//! Files that other files include by psql's `\i` and `\ir`: a schema that psql can load by its main file is one that trueup can read.
//!
//! What is included is a schema file like the others, read once, under the settings in force where it is first included. Settings
//! that it makes itself end with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::environment::Environment;
use super::files::{FilesError, SourceFile, read_file, refused, settings_at};
use crate::sql::{self, Include};

/// Adds the files that the others include and that are not among them.
///
/// # Errors
/// A file that cannot be read, or backslash commands that have no place in schema files.
pub fn complete(files: &mut Vec<SourceFile>) -> Result<(), FilesError> {
    let (mut there, before, mut next) = (None, files.len(), 0);
    while let Some(file) = files.get(next) {
        let mut more = Vec::new();
        for include in includes(file)? {
            // Most folders have no includes, and finding out what all the paths really are takes a while.
            let there: &mut BTreeSet<PathBuf> = there.get_or_insert_with(|| files.iter().map(|file| real(Path::new(&file.path))).collect());
            let path = target(file, &include);
            if there.insert(real(&path)) {
                let missing = |error| FilesError::at(file, include.span.clone(), format!("{} cannot be included: {error}", path.display()));
                more.push(read_file(&path).map_err(|error| missing(cause(&error)))?);
            }
        }
        files.extend(more);
        next += 1;
    }
    if files.len() > before {
        files.sort_by(|one, other| Path::new(&one.path).cmp(Path::new(&other.path)));
    }
    Ok(())
}

fn cause(error: &FilesError) -> String {
    match error {
        FilesError::Read { source, .. } => source.to_string(),
        FilesError::At { message, .. } => message.clone(),
    }
}

/// The settings under which files that others include begin, by their numbers.
///
/// # Errors
/// A file that does not parse, includes itself, or includes what is not among the files.
pub fn settings(files: &[SourceFile]) -> Result<BTreeMap<usize, Arc<Environment>>, FilesError> {
    let mut including: BTreeMap<usize, Vec<(usize, Include<'_>)>> = BTreeMap::new();
    let mut numbers: Option<HashMap<PathBuf, usize>> = None;
    for (index, file) in files.iter().enumerate() {
        for include in includes(file)? {
            let numbers =
                numbers.get_or_insert_with(|| files.iter().zip(0..).map(|(file, at)| (real(Path::new(&file.path)), at)).collect());
            let path = target(file, &include);
            let Some(number) = numbers.get(&real(&path)) else {
                return Err(FilesError::at(file, include.span, format!("{} is included, but is not among the files", path.display())));
            };
            including.entry(index).or_default().push((*number, include));
        }
    }
    let included: BTreeSet<usize> = including.values().flatten().map(|(number, _)| *number).collect();
    let mut begin = BTreeMap::new();
    let mut open: Vec<usize> = including.keys().copied().filter(|index| !included.contains(index)).rev().collect();
    let mut done = BTreeSet::new();
    while let Some(index) = open.pop() {
        let (Some(file), Some(includes)) = (files.get(index), including.get(&index)) else { continue };
        if !done.insert(index) {
            continue;
        }
        let places: Vec<usize> = includes.iter().map(|(_, include)| include.span.start).collect();
        let at = settings_at(file, begin.get(&index).cloned().unwrap_or_default(), &places)?;
        for ((number, _), environment) in includes.iter().zip(at) {
            begin.entry(*number).or_insert(environment);
        }
        open.extend(includes.iter().rev().map(|(number, _)| *number));
    }
    match including.iter().find(|(index, _)| !done.contains(index)) {
        Some((index, includes)) => match (files.get(*index), includes.first()) {
            (Some(file), Some((_, include))) => {
                Err(FilesError::at(file, include.span.clone(), "the file includes itself, by way of this one"))
            }
            _ => Ok(begin),
        },
        None => Ok(begin),
    }
}

fn includes(file: &SourceFile) -> Result<Vec<Include<'_>>, FilesError> {
    sql::includes(&file.text).map_err(|error| refused(file, error))
}

/// The file that is meant: beside the one that includes it. `\i` is about psql's working folder, which counts where nothing is beside.
fn target(file: &SourceFile, include: &Include<'_>) -> PathBuf {
    let beside = Path::new(&file.path).parent().unwrap_or_else(|| Path::new("")).join(include.path);
    let relative = file.text.get(include.span.clone()).is_some_and(|line| line.starts_with("\\ir") || line.starts_with("\\include_r"));
    if relative || beside.exists() || !Path::new(include.path).exists() { plain(&beside) } else { plain(Path::new(include.path)) }
}

fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| plain(path))
}

/// A path without `.`, and without `..` where it goes back on its own way.
fn plain(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if found.file_name().is_some() => {
                found.pop();
            }
            part => found.push(part),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[(&str, &str)]) -> Vec<SourceFile> {
        texts.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
    }

    #[test]
    fn settings_go_into_what_is_included() {
        let all = files(&[
            ("no/main.sql", "SET search_path = a;\n\\ir t/x.sql\nSET search_path = b;\n\\i ./t/../t/y.sql\n"),
            ("no/t/x.sql", ""),
            ("no/t/y.sql", "\\ir z.sql"),
            ("no/t/z.sql", ""),
        ]);
        let begin = settings(&all).map_err(|error| error.to_string());
        let paths = begin.map(|begin| begin.into_iter().map(|(at, set)| (at, set["search_path"].clone())).collect::<Vec<_>>());
        let expected = [(1, "SET search_path = a"), (2, "SET search_path = b"), (3, "SET search_path = b")];
        assert_eq!(paths, Ok(expected.map(|(at, set)| (at, set.to_owned())).to_vec()));
    }

    #[test]
    fn what_is_not_there_and_what_never_ends_is_refused() {
        let refused = |texts: &[(&str, &str)]| settings(&files(texts)).map(|_| ()).map_err(|error| error.to_string());
        assert!(refused(&[("no/a.sql", "\\ir b.sql")]).is_err_and(|why| why.contains("no/b.sql")));
        assert!(refused(&[("no/a.sql", "\\ir b.sql"), ("no/b.sql", "\\ir a.sql")]).is_err_and(|why| why.contains("includes itself")));
    }
}
