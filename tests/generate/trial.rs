//! One case from end to end: plan, apply, compare, plan again, down, compare.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use trueup::scratch::{self, Scratch, ScratchOptions};

use crate::support::dump::{Dump, difference, dump, dump_own};
use crate::support::{Said, pg_root, said};

/// Roles that the statements of cases name.
const ROLES: [&str; 2] = ["prop_reader", "Prop Writer"];

/// A server for all cases of a run: the live databases and the scratch databases are on it.
pub struct Bench {
    server: Scratch,
    runtime: tokio::runtime::Runtime,
}

/// What is tried: an old database, and files.
pub struct Trial {
    /// Statements that make the old database, in an order that works.
    pub old: Vec<String>,
    /// Statements that make the wanted one, in an order that works.
    pub new: Vec<String>,
    /// The same in files.
    pub files: Vec<(String, String)>,
    /// The same in other files.
    pub others: Option<Vec<(String, String)>>,
    /// Whether tables hold rows.
    pub rows: bool,
}

/// What is wrong with how a case went.
pub type Fault = String;

impl Bench {
    pub fn new(major: u32) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let bin = pg_root().join(major.to_string()).join("bin");
        let server = runtime.block_on(async {
            let mut server = scratch::start(&ScratchOptions { bin: Some(bin), url: None, major }).await.unwrap();
            for role in ROLES {
                server.ensure_role(role, false).await.unwrap();
            }
            server
        });
        Self { server, runtime }
    }

    /// A database that statements made.
    fn database(&mut self, statements: &[String]) -> Result<(String, String), Fault> {
        let Self { server, runtime } = self;
        runtime.block_on(async {
            let name = server.database(None).await.unwrap();
            let session = server.connect(&name, None).await.unwrap();
            session.client.batch_execute("SET check_function_bodies = off; SET client_min_messages = warning").await.unwrap();
            let mut problem = None;
            if session.client.batch_execute(&statements.join(";\n")).await.is_err() {
                for sql in statements {
                    if let Err(error) = session.client.batch_execute(sql).await {
                        let message = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
                        problem = Some(format!("INVALID CASE: {message}\n  {sql}"));
                        break;
                    }
                }
            }
            session.close().await;
            match problem {
                Some(problem) => {
                    server.drop_database(&name).await.unwrap();
                    Err(problem)
                }
                None => Ok((name.clone(), server.settings(&name).redacted())),
            }
        })
    }

    /// Whether statements run on an empty database, without leaving anything.
    ///
    /// # Errors
    /// The first statement that does not, and why.
    pub fn valid(&self, statements: &[String]) -> Result<(), Fault> {
        self.runtime.block_on(async {
            let session = self.server.connect("postgres", None).await.unwrap();
            session.client.batch_execute("BEGIN; SET check_function_bodies = off; SET client_min_messages = warning").await.unwrap();
            let mut result = Ok(());
            for sql in statements {
                if let Err(error) = session.client.batch_execute(sql).await {
                    let message = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
                    result = Err(format!("INVALID CASE: {message}\n  {sql}"));
                    break;
                }
            }
            session.close().await;
            result
        })
    }

    fn drop(&mut self, name: &str) {
        let Self { server, runtime } = self;
        runtime.block_on(server.drop_database(name)).unwrap();
    }

    /// Tables by name, kind and partition key, of which nothing changes the type, with their OIDs.
    fn tables(&self, database: &str) -> BTreeMap<String, u32> {
        const QUERY: &str = "SELECT c.oid::regclass::text || c.relkind::text || coalesce(pg_get_partkeydef(c.oid) || (SELECT \
            string_agg(format_type(a.atttypid, a.atttypmod), ',') FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND \
            a.attnum = ANY (p.partattrs) WHERE p.partrelid = c.oid), ''), c.oid FROM pg_class c \
            JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'trueup')";
        self.runtime.block_on(async {
            let session = self.server.connect(database, None).await.unwrap();
            let rows = session.client.query(QUERY, &[]).await.unwrap();
            session.close().await;
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        })
    }

    /// Puts a row into every table that takes one of defaults.
    fn fill(&self, database: &str) {
        const FILL: &str = "DO $fill$ DECLARE t regclass; BEGIN
            FOR t IN SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND NOT c.relispartition AND c.oid >= 16384 ORDER BY c.oid LOOP
                BEGIN EXECUTE format('INSERT INTO %s DEFAULT VALUES', t); EXCEPTION WHEN OTHERS THEN NULL; END;
            END LOOP; END $fill$";
        self.runtime.block_on(async {
            let session = self.server.connect(database, None).await.unwrap();
            session.client.batch_execute(&format!("SET session_replication_role = replica; {FILL}")).await.unwrap();
            session.close().await;
        });
    }

    /// Tables with how many rows they hold by themselves.
    fn rows(&self, database: &str) -> BTreeMap<String, i64> {
        const QUERY: &str = "SELECT c.oid::text, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM ONLY %s', c.oid::regclass), \
            false, true, '')))[1]::text::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            WHERE c.relkind = 'r' AND c.oid >= 16384 AND n.nspname <> 'trueup'";
        self.runtime.block_on(async {
            let session = self.server.connect(database, None).await.unwrap();
            let rows = session.client.query(QUERY, &[]).await.unwrap();
            session.close().await;
            rows.iter().map(|row| (row.get(0), row.get(1))).collect()
        })
    }

    /// Carries out a trial.
    ///
    /// # Errors
    /// The first thing that is not as it should be.
    pub fn run(&mut self, trial: &Trial) -> Result<(), Fault> {
        let (live, live_url) = self.database(&trial.old)?;
        let result = self.with_live(trial, &live, &live_url);
        self.drop(&live);
        result
    }

    /// What pg_dump says of a database; as if nothing were inherited where some things are.
    fn dump(&mut self, database: &str, trial: &Trial) -> Dump {
        let Self { server, runtime } = self;
        if trial.old.iter().chain(&trial.new).any(|sql| sql.contains("INHERITS (")) {
            runtime.block_on(dump_own(server, database))
        } else {
            dump(&server.settings(database).redacted())
        }
    }

    fn with_live(&mut self, trial: &Trial, live: &str, url: &str) -> Result<(), Fault> {
        let (built, _) = self.database(&trial.new)?;
        let (before, wanted, tables) = (self.dump(live, trial), self.dump(&built, trial), self.tables(live));
        let targets = self.tables(&built);
        self.drop(&built);
        if trial.rows {
            self.fill(live);
        }
        let scratch = self.server.settings("postgres").redacted();
        let project = Project::new(&trial.files, url, &scratch);
        project.plan()?;
        if let Some(others) = &trial.others {
            let other = Project::new(others, url, &scratch);
            other.plan()?;
            if project.plans() != other.plans() {
                return Err("the plan depends on the order of statements in files".to_owned());
            }
        }
        let rows = self.rows(live);
        if !project.folder.path().join("plans").exists() {
            return same("nothing is planned, but the databases differ", &before, &wanted);
        }
        if !project.carried_out("apply")? {
            return Ok(());
        }
        same("after apply", &self.dump(live, trial), &wanted)?;
        let now = self.tables(live);
        let remade = |name: &&String| targets.contains_key(*name) && now.get(*name).is_some_and(|oid| tables.get(*name) != Some(oid));
        if let Some(name) = tables.keys().find(remade) {
            return Err(format!("table {name} was made anew"));
        }
        let now = self.rows(live);
        if let Some((table, _)) = rows.iter().find(|(table, count)| now.get(*table).is_some_and(|now| now != *count)) {
            return Err(format!("rows of {table}: {:?} and not {:?}", now.get(table), rows.get(table)));
        }
        project.done(&["plan", "--check"])?;
        if !project.carried_out("down")? {
            return Ok(());
        }
        same("after down", &self.dump(live, trial), &before)
    }
}

fn same(when: &str, is: &Dump, wanted: &Dump) -> Result<(), Fault> {
    let differences = difference(is, wanted);
    if differences.is_empty() { Ok(()) } else { Err(format!("{when}:\n  {}", differences.join("\n  "))) }
}

/// A project folder for one trial.
struct Project {
    folder: TempDir,
    url: String,
    scratch: String,
}

impl Project {
    fn new(files: &[(String, String)], url: &str, scratch: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("trueup-property-").tempdir_in("/tmp").unwrap();
        fs::create_dir_all(folder.path().join("db/schema")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join("db/schema").join(name), text).unwrap();
        }
        Self { folder, url: url.to_owned(), scratch: scratch.to_owned() }
    }

    fn run(&self, args: &[&str]) -> Said {
        let program = std::env::var_os("TRUEUP_PROPERTY_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_trueup").into());
        let mut command = Command::new(program);
        command
            .args(args)
            .args(["--scratch-url", &self.scratch])
            .current_dir(self.folder.path())
            .env_clear()
            .env("DATABASE_URL", &self.url);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        said(command.spawn().unwrap())
    }

    fn done(&self, args: &[&str]) -> Result<Said, Fault> {
        let said = self.run(args);
        if said.code == 0 {
            Ok(said)
        } else {
            Err(format!("{} exits with {}: {}{}", args[0..2.min(args.len())].join(" "), said.code, said.out, said.err))
        }
    }

    /// Applies or takes back, and whether that was to be had: rows may not suit what is wanted.
    fn carried_out(&self, command: &str) -> Result<bool, Fault> {
        const OF_ROWS: [&str; 9] = [
            "contains null values",
            "does not allow null values",
            "is violated by some row",
            "violates",
            "could not create unique index",
            "could not create exclusion constraint",
            "invalid input syntax",
            "invalid input value",
            "malformed",
        ];
        match self.done(&[command, "--yes", "--allow-destructive"]) {
            Ok(_) => Ok(true),
            Err(fault) if OF_ROWS.iter().any(|text| fault.contains(text)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// The plan files.
    fn plans(&self) -> BTreeMap<std::ffi::OsString, String> {
        let Ok(entries) = fs::read_dir(self.folder.path().join("plans")) else { return BTreeMap::new() };
        entries.map(|entry| entry.unwrap()).map(|entry| (entry.file_name(), fs::read_to_string(entry.path()).unwrap())).collect()
    }

    /// Plans, and looks for what is not proved.
    fn plan(&self) -> Result<(), Fault> {
        let said = self.done(&["plan", "--format", "json"])?;
        let Ok(document) = serde_json::from_str::<serde_json::Value>(&said.out) else {
            return Err(format!("plan prints no document: {}{}", said.out, said.err));
        };
        let proof = document["proof"].as_str().unwrap_or_default();
        // What a table has by itself too after it inherited it, no statement takes back.
        let ran = ["again proved", "again NOT PROVED WHOLE, but run"].iter().any(|words| proof.contains(words));
        let proved = document["changes"] == false || (ran && !proof.contains("has not"));
        if proved { Ok(()) } else { Err(format!("the plan is not proved: {proof}")) }
    }
}
