//! Scratch servers on real PostgreSQL: what they can do, and that nothing of them stays, however their process ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use trueup::scratch::{self, ScratchError, ScratchOptions};
use trueup::source::connect::{ConnectError, ConnectSettings, Environment, SUPPORTED_MAJORS, connect};
use trueup::source::files::{self, SchemaFiles, SourceFile};
use trueup::source::load;

const MAJOR: u32 = 17;

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The server programs of a major (`make setup`): a test that has none must fail, not be skipped.
fn bin(major: u32) -> PathBuf {
    let root = std::env::var_os("TRUEUP_TEST_PG").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".pg"), PathBuf::from);
    root.join(major.to_string()).join("bin")
}

fn options() -> ScratchOptions {
    ScratchOptions { bin: Some(bin(MAJOR)), url: None, major: MAJOR }
}

/// A folder for temporary files of one child process, which the servers' account may use.
fn temp() -> TempDir {
    let folder = tempfile::Builder::new().prefix("t-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o1777)).unwrap();
    folder
}

/// This program again, as a process that does what `role` says with its temporary files in `temp`.
fn child(role: &str, temp: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", "in_a_process_of_its_own"]).env("SCRATCH_TEST_ROLE", role).env("TMPDIR", temp);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until the child says that its server is up.
fn wait_for_server(child: &mut Child) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("server is up")), "the child has no server");
}

#[test]
#[ignore = "other tests run it as a child process"]
fn in_a_process_of_its_own() {
    let role = std::env::var("SCRATCH_TEST_ROLE").unwrap();
    run(async {
        let mut server = scratch::start(&options()).await.unwrap();
        let database = server.database(None).await.unwrap();
        let _session = server.connect(&database, None).await.unwrap();
        println!("server is up");
        match role.as_str() {
            "stop" => server.stop().await.unwrap(),
            "panic" => panic!("as told"),
            "exit" => std::process::exit(0),
            _ => tokio::time::sleep(Duration::from_secs(600)).await,
        }
    });
}

/// Processes whose command line names the folder: id and command line.
fn processes(folder: &Path) -> Vec<(String, String)> {
    let wanted = folder.to_str().unwrap();
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = all.filter_map(|entry| Some((entry.file_name().into_string().ok()?, std::fs::read(entry.path().join("cmdline")).ok()?)));
    lines.map(|(id, line)| (id, String::from_utf8_lossy(&line).replace('\0', " "))).filter(|(_, line)| line.contains(wanted)).collect()
}

fn left(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().display().to_string());
    files.chain(processes(folder).into_iter().map(|(id, line)| format!("{id} {line}"))).collect()
}

fn wait_until_nothing_is_left(folder: &Path) {
    let began = Instant::now();
    while !left(folder).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "still there: {:?}", left(folder));
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn nothing_is_left_after_stop_panic_and_exit() {
    for role in ["stop", "panic", "exit"] {
        let temp = temp();
        let mut child = child(role, temp.path());
        wait_for_server(&mut child);
        child.wait().unwrap();
        if role == "exit" {
            wait_until_nothing_is_left(temp.path());
        }
        assert_eq!(left(temp.path()), Vec::<String>::new(), "after {role}");
    }
}

/// Those of some signals that children get: who is started in the background of a shell, or by nohup, ignores some, and so do its children.
fn heeded<const N: usize>(signals: [(&'static str, u32); N]) -> impl Iterator<Item = &'static str> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0");
    let ignored = u64::from_str_radix(mask.trim(), 16).unwrap();
    signals.into_iter().filter(move |(_, number)| ignored >> (number - 1) & 1 == 0).map(|(signal, _)| signal)
}

#[test]
fn nothing_is_left_after_a_signal() {
    for signal in heeded([("-TERM", 15), ("-INT", 2), ("-KILL", 9)]) {
        let temp = temp();
        let mut child = child("wait", temp.path());
        wait_for_server(&mut child);
        assert!(!left(temp.path()).is_empty());
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        child.wait().unwrap();
        wait_until_nothing_is_left(temp.path());
    }
}

#[test]
fn a_kill_during_the_start_leaves_nothing() {
    for milliseconds in [5, 20, 35, 50, 65, 80] {
        let temp = temp();
        let mut child = child("wait", temp.path());
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        // a folder that has no guard yet is the next run's to remove; a server must not stay
        let began = Instant::now();
        while !processes(temp.path()).is_empty() {
            assert!(began.elapsed() < Duration::from_secs(10), "still there: {:?}", processes(temp.path()));
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn what_a_killed_guard_leaves_is_removed_by_the_next_run() {
    let temp = temp();
    let mut first = child("wait", temp.path());
    wait_for_server(&mut first);
    for (guard, _) in processes(temp.path()).iter().filter(|(_, line)| line.contains("trueup-scratch-guard")) {
        Command::new("kill").args(["-KILL", guard]).status().unwrap();
    }
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!processes(temp.path()).is_empty(), "the server should have survived");
    let leftover = std::fs::read_dir(temp.path()).unwrap().flatten().next().unwrap().path();
    Command::new("touch").args(["-d", "1 hour ago"]).arg(&leftover).status().unwrap();
    child("stop", temp.path()).wait().unwrap();
    assert_eq!(left(temp.path()), Vec::<String>::new());
}

#[test]
fn two_at_once_know_nothing_of_each_other() {
    run(async {
        let (options_a, options_b) = (options(), options());
        let (a, b) = tokio::join!(scratch::start(&options_a), scratch::start(&options_b));
        let (mut a, mut b) = (a.unwrap(), b.unwrap());
        a.ensure_role("only_in_a", false).await.unwrap();
        let (in_a, in_b) = (a.database(None).await.unwrap(), b.database(None).await.unwrap());
        let session = a.connect(&in_a, Some("only_in_a")).await.unwrap();
        assert_eq!(session.server.current_user, "only_in_a");
        assert!(!session.server.is_superuser);
        assert!(b.connect(&in_b, Some("only_in_a")).await.is_err());
        session.close().await;
        a.stop().await.unwrap();
        b.connect(&in_b, None).await.unwrap().close().await;
        b.stop().await.unwrap();
    });
}

#[test]
fn databases_come_from_templates_and_go_with_their_subscriptions() {
    run(async {
        let mut server = scratch::start(&options()).await.unwrap();
        assert_eq!(server.major(), MAJOR);
        let first = server.database(None).await.unwrap();
        let session = server.connect(&first, None).await.unwrap();
        assert!(session.server.is_superuser);
        session
            .client
            .batch_execute("CREATE TABLE t (); CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)")
            .await
            .unwrap();
        assert!(session.notices().iter().any(|notice| notice.starts_with("WARNING")));
        session.close().await;
        let second = server.database(Some(&first)).await.unwrap();
        let session = server.connect(&second, None).await.unwrap();
        session.client.batch_execute("SELECT FROM t").await.unwrap();
        server.drop_database(&first).await.unwrap();
        assert!(matches!(
            server.connect(&first, None).await,
            Err(ScratchError::Connect(ConnectError::NoDatabase { database, .. })) if database == first
        ));
        assert!(server.available_extensions().await.unwrap().iter().any(|extension| extension.name == "plpgsql" && extension.is_default));
        server.stop().await.unwrap();
    });
}

#[test]
fn every_supported_major_serves() {
    run(async {
        for major in SUPPORTED_MAJORS {
            let options = ScratchOptions { bin: Some(bin(major)), url: None, major };
            let mut server = scratch::start(&options).await.unwrap();
            assert_eq!(server.major(), major, "{}", server.description());
            let first = server.database(None).await.unwrap();
            server.database(Some(&first)).await.unwrap();
            server.stop().await.unwrap();
        }
    });
}

#[test]
fn it_starts_in_a_fraction_of_a_second() {
    run(async {
        scratch::start(&options()).await.unwrap().stop().await.unwrap();
        let began = Instant::now();
        let mut server = scratch::start(&options()).await.unwrap();
        let up = began.elapsed();
        server.database(None).await.unwrap();
        let made = began.elapsed();
        server.stop().await.unwrap();
        println!("up after {up:?}, a database after {made:?}, all gone after {:?}", began.elapsed());
        // a busy machine is allowed ten times the target
        assert!(up < Duration::from_secs(3), "{up:?}");
    });
}

#[test]
fn a_lent_server_gets_back_what_it_had() {
    run(async {
        let mut owner = scratch::start(&options()).await.unwrap();
        let maintenance = owner.settings("postgres");
        let url = maintenance.redacted();
        let lent = ScratchOptions { bin: None, url: Some(url), major: 14 };
        let names = async || {
            let session = connect(&maintenance).await.unwrap();
            let query = "SELECT datname::text FROM pg_database UNION ALL SELECT rolname::text FROM pg_roles ORDER BY 1";
            let rows = session.client.query(query, &[]).await.unwrap();
            rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
        };
        owner.ensure_role("theirs", false).await.unwrap();
        let before = names().await;

        let mut first = scratch::start(&lent).await.unwrap();
        first.ensure_role("mine", false).await.unwrap();
        let database = first.database(None).await.unwrap();
        assert_eq!(first.connect(&database, Some("mine")).await.unwrap().server.current_user, "mine");
        let mut second = scratch::start(&lent).await.unwrap();
        second.database(None).await.unwrap();
        assert!(names().await.contains(&database), "a run that lives keeps its databases");
        drop(first);
        second.stop().await.unwrap();
        assert_eq!(names().await, before);

        let leftovers = "CREATE DATABASE trueup_scratch_1_77_1 TEMPLATE template0; CREATE ROLE leftover; COMMENT ON ROLE leftover IS 'trueup_scratch_77'";
        let session = connect(&maintenance).await.unwrap();
        for text in leftovers.split(';') {
            session.client.batch_execute(text).await.unwrap();
        }
        scratch::start(&lent).await.unwrap().stop().await.unwrap();
        assert_eq!(names().await, before);
        owner.stop().await.unwrap();
    });
}

#[test]
fn errors_tell_what_is_wrong() {
    run(async {
        let server = scratch::start(&options()).await.unwrap();
        let settings = server.settings("nowhere");
        assert!(matches!(connect(&settings).await, Err(ConnectError::NoDatabase { .. })));
        let error = connect(&settings.with_user("nobody_here")).await.unwrap_err();
        assert!(matches!(error, ConnectError::Authentication { .. }), "{error}");
        assert_eq!(error.exit_code(), 6);
        let closed = ConnectSettings::resolve(Some("postgres://u:hunter2@127.0.0.1:1/d"), &Environment::default()).unwrap();
        let error = connect(&closed).await.unwrap_err();
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        let nowhere = ScratchOptions { bin: Some("/nonexistent".into()), url: None, major: MAJOR };
        assert!(scratch::start(&nowhere).await.unwrap_err().is_absence());
        server.stop().await.unwrap();
    });
}

#[test]
fn a_killed_program_leaves_no_server() {
    for signal in heeded([("-TERM", 15), ("-INT", 2), ("-HUP", 1), ("-KILL", 9)]) {
        let temp = temp();
        let schema = temp.path().join("schema.sql");
        let tables = (0..400).map(|number| format!("CREATE TABLE t{number} (id serial PRIMARY KEY, x text);\n"));
        std::fs::write(&schema, tables.collect::<String>()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
        command.args(["plan", "--check", "--from", "empty", "--schema"]).arg(&schema).current_dir("/").env("TMPDIR", temp.path());
        command.env("TRUEUP_SCRATCH_BIN", bin(MAJOR)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut program = command.spawn().unwrap();
        let serves = || processes(temp.path()).iter().any(|(_, line)| line.contains("postgres") && !line.contains("guard"));
        while !serves() {
            assert!(program.try_wait().unwrap().is_none(), "it ended before it had a server");
            std::thread::sleep(Duration::from_millis(2));
        }
        Command::new("kill").args([signal, &program.id().to_string()]).status().unwrap();
        program.wait().unwrap();
        std::fs::remove_file(&schema).unwrap();
        wait_until_nothing_is_left(temp.path());
    }
}

/// Many tables, and after them what a server takes only outside of the transaction that it runs the rest in, or never.
fn large_files(last: &str) -> Arc<SchemaFiles> {
    let tables = (0..1_200).map(|number| format!("CREATE TABLE t{number} (id int);\n"));
    let text = tables.chain([last.to_owned()]).collect::<String>();
    Arc::new(files::parse(vec![SourceFile { path: "schema.sql".into(), text }]).unwrap())
}

#[test]
fn large_files_are_run_in_several_transactions() {
    run(async {
        let mut server = scratch::start(&options()).await.unwrap();
        let name = server.database(None).await.unwrap();
        let session = server.connect(&name, None).await.unwrap();
        let files = large_files("CREATE INDEX CONCURRENTLY ON t7 (id); CREATE TABLE last (id int);");
        load::load(&session.client, &files, None).await.unwrap();
        let asked = "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'), max(reltuples) > 1000 \
                     FROM pg_class WHERE relnamespace = 'public'::regnamespace OR oid = 'pg_class'::regclass";
        let row = session.client.query_one(asked, &[]).await.unwrap();
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, bool>(2)), (1_202, 1, true));
        session.close().await;

        let refused = server.database(None).await.unwrap();
        let session = server.connect(&refused, None).await.unwrap();
        let error = load::load(&session.client, &large_files("CREATE VIEW v AS SELECT 1 / 'no' AS n;"), None).await.err().unwrap();
        assert!(error.to_string().contains("invalid input syntax for type integer") && error.to_string().contains("schema.sql"), "{error}");
        session.close().await;
        server.stop().await.unwrap();
    });
}
