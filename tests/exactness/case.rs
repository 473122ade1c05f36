//! What is held against servers: files of `grammar-tests/`, and where the cases of other projects are at hand, the wanted side of each.

use std::path::{Path, PathBuf};

use trueup::source::connect::SUPPORTED_MAJORS;
use trueup::source::files::{self, SchemaFiles, SourceFile};

pub struct Case {
    pub name: String,
    pub files: SchemaFiles,
    /// What a grammar file says of itself; other projects' files say nothing.
    pub marks: Option<Marks>,
}

/// Leading comments of a grammar file.
pub struct Marks {
    /// `-- majors: 15..18`: the servers that it is for.
    pub majors: Vec<u32>,
    /// `-- error: text`: the interpreter (with such a message) and the server must refuse it.
    pub error: Option<String>,
    /// `-- refused: text`: the interpreter alone must.
    pub refused: Option<String>,
    /// `-- objects alone`: what each needs is not compared.
    pub objects_alone: bool,
}

impl Marks {
    fn of(name: &str, text: &str) -> Self {
        let mut marks = Self { majors: SUPPORTED_MAJORS.collect(), error: None, refused: None, objects_alone: false };
        for line in text.lines().take_while(|line| line.starts_with("--")) {
            if let Some(range) = line.strip_prefix("-- majors:") {
                let (first, last) = range.trim().split_once("..").unwrap_or_else(|| panic!("{name}: {line}"));
                marks.majors = (first.parse().unwrap()..=last.parse().unwrap()).collect();
            } else if let Some(text) = line.strip_prefix("-- error:") {
                marks.error = Some(text.trim().to_owned());
            } else if line == "-- objects alone" {
                marks.objects_alone = true;
            } else if let Some(text) = line.strip_prefix("-- refused:") {
                marks.refused = Some(text.trim().to_owned());
            }
        }
        marks
    }
}

impl Case {
    /// Whether it is tried on servers of this major.
    pub fn is_for(&self, major: u32) -> bool {
        self.marks.as_ref().is_none_or(|marks| marks.majors.contains(&major))
    }
}

/// All of them, or those that `EXACT` in the environment picks by a part of their names; `EXACT_CASES` is another folder of cases.
pub fn cases() -> Vec<Case> {
    let wanted = std::env::var("EXACT").unwrap_or_default();
    let all = grammar_files().into_iter().chain(of_other_projects());
    all.filter(|(name, _, _)| name.contains(&wanted)).filter_map(|(name, paths, marks)| case(name, &paths, marks)).collect()
}

type Found = (String, Vec<PathBuf>, Option<Marks>);

fn grammar_files() -> Vec<Found> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = sql_below(&root.join("grammar-tests"), ".sql").into_iter().map(|path| {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let marks = Marks::of(&name, &std::fs::read_to_string(&path).unwrap());
        (name, vec![path], Some(marks))
    });
    found.collect()
}

fn of_other_projects() -> Vec<Found> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("EXACT_CASES").map_or_else(|| root.join("../shared/cases"), PathBuf::from);
    let found = sql_below(&shared, "/new.sql").into_iter().map(|path| {
        let folder = path.parent().unwrap();
        let name = folder.strip_prefix(&shared).unwrap().display().to_string();
        (name, [folder.join("setup.sql"), path.clone()].into_iter().filter(|path| path.exists()).collect(), None)
    });
    found.collect()
}

fn sql_below(folder: &Path, name: &str) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    files.map(walkdir::DirEntry::into_path).filter(|path| path.to_string_lossy().ends_with(name)).collect()
}

/// `None` where another project's file does not parse, or is not UTF-8.
fn case(name: String, paths: &[PathBuf], marks: Option<Marks>) -> Option<Case> {
    let text = |path: &PathBuf| Some(SourceFile { path: path.display().to_string(), text: std::fs::read_to_string(path).ok()? });
    match files::parse(paths.iter().map(text).collect::<Option<_>>()?) {
        Ok(files) => Some(Case { name, files, marks }),
        Err(error) => {
            assert!(marks.is_none(), "{name}: {error}");
            None
        }
    }
}
