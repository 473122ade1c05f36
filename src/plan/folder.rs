//! The folder of plans: pairs of files, chained by the hash of the plan before.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::config::closest;
use crate::error::Error;
use crate::plan::file::{self, Direction, Header, Parsed, PlanFile};
use crate::report::{Diagnostic, Level, Place};

/// A plan: its way up, and its way back.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The up file.
    pub up: Parsed,
    /// The down file, where there is one.
    pub down: Option<Parsed>,
}

impl Plan {
    /// The head of its up file.
    pub const fn header(&self) -> &Header {
        &self.up.plan.header
    }

    /// The number.
    pub const fn number(&self) -> u32 {
        self.header().number
    }

    /// The number as the history has it.
    pub fn version(&self) -> String {
        version(self.number())
    }

    /// `NNNN_name`.
    pub fn id(&self) -> String {
        self.header().id()
    }
}

/// A number as the history has it.
pub fn version(number: u32) -> String {
    format!("{number:04}")
}

/// All plans of a folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// By number, and by name where two have one number.
    pub plans: Vec<Plan>,
    /// What is wrong with it as a chain.
    pub problems: Vec<Diagnostic>,
}

impl Folder {
    /// Reads a folder; one that does not exist is empty.
    ///
    /// # Errors
    /// Files that cannot be read, or are no plan files.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut folder = Self { path: path.to_owned(), ..Self::default() };
        let mut ups = BTreeMap::new();
        let mut downs = BTreeMap::new();
        for name in folder.sql_files()? {
            let Some((number, title, direction)) = parse_name(&name) else {
                let problem = Diagnostic::error(format!("{} is no name of a plan file", path.join(&name).display()));
                folder.problems.push(problem.help("plan files are named NNNN_name.up.sql and NNNN_name.down.sql"));
                continue;
            };
            let parsed = read_file(&path.join(&name))?;
            folder.check_name(&parsed, number, title, direction);
            match direction {
                Direction::Up => ups.insert((number, title.to_owned()), parsed),
                Direction::Down => downs.insert((number, title.to_owned()), parsed),
            };
        }
        for (key, up) in ups {
            let down = downs.remove(&key);
            folder.plans.push(Plan { up, down });
        }
        for down in downs.into_values() {
            folder.problems.push(Diagnostic::error(format!("{} has no up file beside it", down.file)));
        }
        folder.check_chain();
        Ok(folder)
    }

    /// The embedded form: pairs of file names and texts, up before down.
    ///
    /// # Errors
    /// Texts that are no plan files, or no chain.
    pub fn of_texts(pairs: &[[(&str, &str); 2]]) -> Result<Self, Error> {
        let mut folder = Self::default();
        for [up, down] in pairs {
            folder.plans.push(Plan { up: file::read(up.0, up.1)?, down: Some(file::read(down.0, down.1)?) });
        }
        folder.check_chain();
        folder.sound()?;
        Ok(folder)
    }

    /// The plans, where they are one chain.
    ///
    /// # Errors
    /// Everything that breaks it.
    pub fn sound(&self) -> Result<&[Plan], Error> {
        let mut errors = self.problems.iter().filter(|problem| problem.level == Level::Error).cloned();
        match errors.next() {
            Some(first) => Err(Error::all(crate::error::Exit::Usage, first, errors)),
            None => Ok(&self.plans),
        }
    }

    /// The same folder as if a plan were not there.
    pub fn without(&self, plan: &Plan) -> Self {
        let plans = self.plans.iter().filter(|other| other.id() != plan.id()).cloned().collect();
        let mut rest = Self { path: self.path.clone(), plans, problems: Vec::new() };
        rest.check_chain();
        rest
    }

    /// The last plan.
    pub fn head(&self) -> Option<&Plan> {
        self.plans.last()
    }

    /// The number for the next plan.
    pub fn next_number(&self) -> u32 {
        self.head().map_or(1, |plan| plan.number().saturating_add(1))
    }

    /// The plan that a person names: its number, its name, both, or one of its files.
    ///
    /// # Errors
    /// Where there is none, or several.
    pub fn find(&self, name: &str) -> Result<&Plan, Error> {
        let bare = Path::new(name).file_name().and_then(|file| file.to_str()).unwrap_or(name);
        let bare = bare.strip_suffix(".up.sql").or_else(|| bare.strip_suffix(".down.sql")).unwrap_or(bare);
        let number = bare.parse::<u32>().ok();
        let found: Vec<&Plan> =
            self.plans.iter().filter(|plan| plan.id() == bare || plan.header().name == bare || number == Some(plan.number())).collect();
        match found.as_slice() {
            [plan] => Ok(plan),
            [] => {
                let missing = Diagnostic::error(format!("there is no plan {name} in {}", self.path.display()));
                Err(Error::usage(match closest(bare, self.plans.iter().map(Plan::id)) {
                    Some(nearest) => missing.help(format!("did you mean {nearest}?")),
                    None => missing.help("trueup status lists the plans"),
                }))
            }
            [_, ..] => {
                let names = found.iter().map(|plan| plan.id()).collect::<Vec<_>>().join(", ");
                Err(Error::usage(format!("{name} may be any of {names}: name one in full")))
            }
        }
    }

    /// Writes one file of a plan, whole or not at all.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&self, header: &Header, text: &str) -> Result<PathBuf, Error> {
        let path = self.path.join(header.file_name());
        let failed = |error: std::io::Error| Error::usage(format!("cannot write {}: {error}", path.display()));
        fs::create_dir_all(&self.path).map_err(failed)?;
        let mut draft = tempfile::Builder::new().prefix(".trueup-").permissions(new_file_mode()).tempfile_in(&self.path).map_err(failed)?;
        draft.write_all(text.as_bytes()).and_then(|()| draft.as_file().sync_all()).map_err(failed)?;
        draft.persist(&path).map_err(|error| failed(error.error))?;
        Ok(path)
    }

    /// Writes both files of a plan, sealed.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write_pair(&self, up: &PlanFile, down: &PlanFile) -> Result<[PathBuf; 2], Error> {
        // Down first: an up file without its way back must never be all there is.
        let down = self.write(&down.header, &file::write(down))?;
        let up = self.write(&up.header, &file::write(up))?;
        Ok([up, down])
    }

    fn sql_files(&self) -> Result<Vec<String>, Error> {
        let failed = |error: std::io::Error| Error::usage(format!("cannot read the plans folder {}: {error}", self.path.display()));
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let name = name.to_string_lossy();
            if !name.starts_with('.') && name.ends_with(".sql") {
                names.push(name.into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn check_name(&mut self, parsed: &Parsed, number: u32, title: &str, direction: Direction) {
        let header = &parsed.plan.header;
        if (header.number, header.name.as_str(), header.direction) != (number, title, direction) {
            let problem = Diagnostic::error(format!("{} says that it is {}", parsed.file, header.file_name()));
            let place = Place::line(parsed.file.as_str(), parsed.text.clone(), 2);
            self.problems.push(problem.at(place).help("give the file the name that its header has, or the other way round"));
        }
    }

    fn check_chain(&mut self) {
        let mut problems = Vec::new();
        for plan in self.plans.iter().filter(|plan| plan.down.is_none()) {
            problems.push(Diagnostic::warning(format!("{} has no down file: it cannot be taken back", plan.id())));
        }
        for (index, plan) in self.plans.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.plans.get(before));
            problems.extend(self.check_link(plan, before));
        }
        self.problems.extend(problems);
    }

    fn check_link(&self, plan: &Plan, before: Option<&Plan>) -> Option<Diagnostic> {
        let parent = plan.header().parent.as_deref();
        let place = || Place::line(plan.up.file.as_str(), plan.up.text.clone(), 5);
        if parent == before.map(|before| before.up.hash()) {
            let expected = before.map_or(1, |before| before.number().saturating_add(1));
            return (plan.number() != expected).then(|| {
                let gap = format!("{} follows {}, but the number {} is missing", plan.id(), name_of(before), version(expected));
                Diagnostic::error(gap).at(place()).help("a plan file was lost, or the plan must be renumbered")
            });
        }
        // Two plans that were made on top of the same one: two heads.
        let sibling =
            self.plans.iter().take_while(|other| other.id() != plan.id()).find(|other| other.header().parent.as_deref() == parent);
        if let Some(sibling) = sibling {
            let root = parent.and_then(|hash| self.plans.iter().find(|other| other.up.hash() == hash));
            let message = format!("two heads: {} and {} both follow {}", sibling.id(), plan.id(), name_of(root));
            return Some(
                Diagnostic::error(message).at(place()).help(format!("trueup rebase {} plans it again on top of the other", plan.id())),
            );
        }
        let message = match (parent, before) {
            (None, _) => format!("{} begins a chain of its own, but is not the first plan", plan.id()),
            (Some(_), None) => format!("{} is the first plan here, but follows another one", plan.id()),
            (Some(_), Some(before)) => format!("broken chain: {} was not made on top of {} as it is now", plan.id(), before.id()),
        };
        Some(
            Diagnostic::error(message)
                .at(place())
                .help("a plan before it was changed or lost: restore it from version control, or plan again"),
        )
    }
}

fn name_of(plan: Option<&Plan>) -> String {
    plan.map_or_else(|| "nothing".to_owned(), Plan::id)
}

/// As `open(2)` would make it: the umask takes away what it must.
fn new_file_mode() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

/// Reads one plan file.
///
/// # Errors
/// A file that cannot be read, or is no plan file.
pub fn read_file(path: &Path) -> Result<Parsed, Error> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| Error::usage(format!("cannot read {shown}: {error}")))?;
    file::read(&shown, &text)
}

fn parse_name(name: &str) -> Option<(u32, &str, Direction)> {
    let (stem, direction) = match name.strip_suffix(".up.sql") {
        Some(stem) => (stem, Direction::Up),
        None => (name.strip_suffix(".down.sql")?, Direction::Down),
    };
    let (digits, title) = stem.split_once('_')?;
    let well_formed = digits.len() >= 4 && digits.bytes().all(|digit| digit.is_ascii_digit()) && !title.is_empty();
    Some((digits.parse().ok().filter(|_| well_formed)?, title, direction))
}

/// Whether a name can be part of a plan file's name everywhere.
pub fn is_plan_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 100 && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::plan::file::Risk;

    fn put(folder: &Path, number: u32, name: &str, parent: Option<&str>) -> String {
        let header = |direction| Header {
            number,
            name: name.to_owned(),
            direction,
            parent: parent.map(str::to_owned).filter(|_| direction == Direction::Up),
            from: None,
            to: None,
            server: None,
            proof: String::new(),
            risk: Risk::Low,
            checksum: None,
        };
        let plan = |direction| PlanFile { header: header(direction), session: Vec::new(), steps: Vec::new() };
        let folder = Folder { path: folder.to_owned(), ..Folder::default() };
        let [up, _] = folder.write_pair(&plan(Direction::Up), &plan(Direction::Down)).unwrap();
        read_file(&up).unwrap().hash().to_owned()
    }

    fn first_problem(path: &Path) -> String {
        Folder::read(path).unwrap().sound().unwrap_err().message().to_owned()
    }

    #[test]
    fn a_chain_is_sound() {
        let home = tempfile::tempdir().unwrap();
        let first = put(home.path(), 1, "a", None);
        put(home.path(), 2, "b", Some(&first));
        let folder = Folder::read(home.path()).unwrap();
        assert_eq!(folder.sound().unwrap().len(), 2);
        assert_eq!(folder.next_number(), 3);
        for name in ["2", "0002", "b", "0002_b", "plans/0002_b.up.sql"] {
            assert_eq!(folder.find(name).unwrap().id(), "0002_b");
        }
        assert_eq!(folder.find("0002_c").unwrap_err().diagnostics[0].help.as_deref(), Some("did you mean 0002_b?"));
    }

    #[test]
    fn two_heads_are_named() {
        let home = tempfile::tempdir().unwrap();
        let first = put(home.path(), 1, "a", None);
        put(home.path(), 2, "b", Some(&first));
        put(home.path(), 2, "c", Some(&first));
        assert_eq!(first_problem(home.path()), "two heads: 0002_b and 0002_c both follow 0001_a");
    }

    #[test]
    fn gaps_and_broken_links_are_named() {
        let home = tempfile::tempdir().unwrap();
        let first = put(home.path(), 1, "a", None);
        put(home.path(), 3, "b", Some(&first));
        assert_eq!(first_problem(home.path()), "0003_b follows 0001_a, but the number 0002 is missing");
        let home = tempfile::tempdir().unwrap();
        put(home.path(), 1, "a", None);
        put(home.path(), 2, "b", Some("0123"));
        assert_eq!(first_problem(home.path()), "broken chain: 0002_b was not made on top of 0001_a as it is now");
    }

    #[test]
    fn files_that_are_no_plans_are_named() {
        let home = tempfile::tempdir().unwrap();
        put(home.path(), 1, "a", None);
        fs::rename(home.path().join("0001_a.down.sql"), home.path().join("0001_b.down.sql")).unwrap();
        fs::write(home.path().join("notes.sql"), "").unwrap();
        let folder = Folder::read(home.path()).unwrap();
        let all = folder.problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("\n");
        for part in ["0001_b.down.sql says that it is 0001_a.down.sql", "notes.sql is no name", "has no up file", "0001_a has no down file"]
        {
            assert!(all.contains(part), "{part}: {all}");
        }
    }
}
