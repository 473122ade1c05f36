//! A project folder, a scratch server with a database, and the program.
#![allow(dead_code, reason = "not every test file needs all of it")]

pub mod agree;
pub mod dump;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;
use trueup::model::Step;
use trueup::plan::batch::batch;
use trueup::plan::file::{Direction, Header, PlanFile, Risk};
use trueup::plan::folder::Folder;
use trueup::scratch::{self, Scratch, ScratchOptions};
use trueup::source::connect::{Connection, SUPPORTED_MAJORS};

/// Where the servers of all majors are (`make setup`).
pub fn pg_root() -> PathBuf {
    std::env::var_os("TRUEUP_TEST_PG").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".pg"), PathBuf::from)
}

/// The majors to test on: those that the variable names, else all. One without a server fails, and is not skipped.
pub fn majors(variable: &str) -> Vec<u32> {
    let wanted = std::env::var(variable).unwrap_or_default();
    let wanted: Vec<u32> = wanted.split(',').filter_map(|major| major.trim().parse().ok()).collect();
    let majors: Vec<u32> = SUPPORTED_MAJORS.filter(|major| wanted.is_empty() || wanted.contains(major)).collect();
    for major in &majors {
        let bin = pg_root().join(major.to_string()).join("bin");
        assert!(bin.is_dir(), "no PostgreSQL {major} in {}: make setup", bin.display());
    }
    majors
}

/// Runs a test on a runtime of its own.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Does the work on each, as many at a time as there are processors, and gives what came of it in their order.
pub fn side_by_side<U: Sync, T: Send>(units: &[U], work: impl Fn(&U) -> T + Sync) -> Vec<T> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let worker = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(unit) = units.get(at) else { break };
            let outcome = work(unit);
            done.lock().unwrap().insert(at, outcome);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |cores| cores.get()) {
            scope.spawn(worker);
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// Does the work on a server of each major; what came of it with the major.
pub fn on_each<T: Send>(majors: &[u32], work: impl AsyncFn(&mut Scratch) -> T + Sync) -> Vec<(u32, T)> {
    side_by_side(majors, |&major| {
        let bin = pg_root().join(major.to_string()).join("bin");
        run(async {
            let mut server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
            let outcome = work(&mut server).await;
            server.stop().await.unwrap();
            (major, outcome)
        })
    })
}

/// Makes this all that the project's schema files say.
pub fn schema(home: &Home, sql: &str) {
    fs::create_dir_all(home.path("db/schema")).unwrap();
    fs::write(home.path("db/schema/a.sql"), sql).unwrap();
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Standard output, where it ended like this.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.out.contains(text) || self.err.contains(text), "{text:?} is not in\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A project and its database.
pub struct Home {
    pub folder: TempDir,
    pub server: Scratch,
    pub db: Connection,
    pub url: String,
}

impl Home {
    pub async fn new(major: u32) -> Self {
        let options = ScratchOptions { bin: Some(pg_root().join(major.to_string()).join("bin")), url: None, major };
        let mut server = scratch::start(&options).await.unwrap();
        let name = server.database(None).await.unwrap();
        let db = server.connect(&name, None).await.unwrap();
        let url = server.settings(&name).redacted();
        let folder = tempfile::Builder::new().prefix("trueup-test-").tempdir_in("/tmp").unwrap();
        Self { folder, server, db, url }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with some arguments, in the project's folder, with nothing of the surroundings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        command.args(args).current_dir(self.folder.path()).env_clear().env("DATABASE_URL", &self.url).env("PATH", "/usr/bin:/bin");
        command.env("TRUEUP_STEP_LOCK_TIMEOUT", "300").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    pub fn run(&self, args: &[&str]) -> Said {
        said(self.spawn(args))
    }

    /// Writes a plan on top of those that are there; `from` and `to` are its fingerprints.
    pub fn plan_between(&self, name: &str, up: Vec<Step>, down: Vec<Step>, from: Option<&str>, to: Option<&str>) {
        let folder = Folder::read(&self.path("plans")).unwrap();
        let header = |direction, from: Option<&str>, to: Option<&str>, steps: &[Step]| Header {
            number: folder.next_number(),
            name: name.to_owned(),
            direction,
            parent: folder.head().filter(|_| direction == Direction::Up).map(|plan| plan.up.hash().to_owned()),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            server: None,
            proof: String::new(),
            risk: Risk::of(steps),
            checksum: None,
        };
        let up_header = header(Direction::Up, from, to, &up);
        let down_header = header(Direction::Down, to, from, &down);
        let file = |header, steps| PlanFile { header, session: Vec::new(), steps: batch(steps) };
        folder.write_pair(&file(up_header, up), &file(down_header, down)).unwrap();
    }

    pub fn plan(&self, name: &str, up: &[&str], down: &[&str]) {
        let steps = |all: &[&str]| all.iter().map(|sql| Step::new(*sql, sql.to_lowercase())).collect();
        self.plan_between(name, steps(up), steps(down), None, None);
    }

    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from:?} is not in {text}");
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// The first column of the first row, as text.
    pub async fn text(&self, sql: &str) -> String {
        let rows = self.db.client.query(&format!("SELECT ({sql})::text"), &[]).await.unwrap();
        rows[0].get::<_, Option<String>>(0).unwrap_or_default()
    }

    pub async fn exists(&self, relation: &str) -> bool {
        self.text(&format!("SELECT to_regclass('{relation}') IS NOT NULL")).await == "true"
    }

    pub async fn sql(&self, sql: &str) {
        self.db.client.batch_execute(sql).await.unwrap();
    }
}

pub fn said(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}
