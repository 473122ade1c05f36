//! Sessions over TCP with a real server: passwords, and TLS in every `sslmode`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::unistd::{User, geteuid};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;
use trueup::source::connect::{ConnectError, ConnectSettings, Connection, Environment, connect};

const HBA: &str = "\
hostssl   all certified 127.0.0.1/32 cert
hostnossl all plain     127.0.0.1/32 trust
hostssl   all encrypted 127.0.0.1/32 trust
host      all postgres  127.0.0.1/32 scram-sha-256
";

/// A server with TLS on a loopback port; `PGPASSWORD` for `postgres` is `hunter2`.
struct Server {
    folder: TempDir,
    process: Child,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let bin = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pg/17/bin").canonicalize().expect("make setup installs .pg");
        let folder = tempfile::Builder::new().prefix("trueup-connect-").tempdir_in("/tmp").unwrap();
        certificates(folder.path());
        fs::write(folder.path().join("password"), "hunter2").unwrap();
        for entry in fs::read_dir(folder.path()).unwrap() {
            own(&entry.unwrap().path());
        }
        own(folder.path());
        let data = folder.path().join("data");
        let mut initdb = as_server(&bin.join("initdb"));
        initdb
            .arg("-D")
            .arg(&data)
            .args(["-U", "postgres", "-A", "scram-sha-256", "-N"])
            .arg("--pwfile")
            .arg(folder.path().join("password"));
        assert!(initdb.output().unwrap().status.success());
        fs::write(data.join("pg_hba.conf"), HBA).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut postgres = as_server(&bin.join("postgres"));
        postgres.arg("-D").arg(&data).args([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
            "-c",
            "ssl=on",
        ]);
        postgres.args(["-c", &format!("unix_socket_directories={}", folder.path().display())]);
        for (setting, file) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key"), ("ssl_ca_file", "ca.crt")] {
            postgres.args(["-c", &format!("{setting}={}", folder.path().join(file).display())]);
        }
        let process = postgres.stdin(Stdio::null()).stderr(File::create(folder.path().join("log")).unwrap()).spawn().unwrap();
        Self { folder, process, port }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A session by conninfo text, in which `{}` is the folder of the certificates.
    async fn connect(&self, text: &str) -> Result<Connection, ConnectError> {
        let folder = self.folder.path().display().to_string();
        let text = format!("hostaddr=127.0.0.1 port={} dbname=postgres {}", self.port, text.replace("{}", &folder));
        let settings = ConnectSettings::resolve(Some(&text), &Environment::default())?;
        connect(&settings).await
    }

    async fn ready(&self) {
        for _ in 0..600 {
            match self.connect("user=plain sslmode=disable").await {
                Err(ConnectError::Unreachable { .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => break,
            }
        }
        let session = self.connect("user=postgres password=hunter2").await.unwrap();
        for role in ["certified", "plain", "encrypted"] {
            session.client.batch_execute(&format!("CREATE ROLE {role} LOGIN")).await.unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status().ok();
        self.process.wait().ok();
    }
}

fn nobody() -> Option<User> {
    geteuid().is_root().then(|| User::from_name("nobody").unwrap().unwrap())
}

fn own(path: &Path) {
    if let Some(user) = nobody() {
        chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    }
}

fn as_server(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C");
    if let Some(user) = nobody() {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}

/// `ca.crt`, `server.*` for the name `db.test`, `certified.*` for the role of that name, and `other.crt` of another authority.
fn certificates(folder: &Path) {
    let authority = || {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let ca = authority();
    fs::write(folder.join("ca.crt"), ca.pem()).unwrap();
    fs::write(folder.join("other.crt"), authority().pem()).unwrap();
    for (file, name) in [("server", "db.test"), ("certified", "certified")] {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        fs::write(folder.join(format!("{file}.crt")), params.signed_by(&key, &ca).unwrap().pem()).unwrap();
        let key_file = folder.join(format!("{file}.key"));
        fs::write(&key_file, key.serialize_pem()).unwrap();
        fs::set_permissions(&key_file, Permissions::from_mode(0o600)).unwrap();
    }
}

async fn encrypted(session: &Connection) -> bool {
    session.client.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]).await.unwrap().get(0)
}

async fn passwords(server: &Server) {
    let wrong = server.connect("user=postgres password=hunter3").await.unwrap_err();
    assert!(matches!(&wrong, ConnectError::Authentication { user, .. } if user == "postgres"), "{wrong}");
    assert!(!format!("{wrong} {wrong:?}").contains("hunter"), "{wrong}");
    let none = server.connect("user=postgres").await.unwrap_err();
    assert!(matches!(none, ConnectError::Authentication { .. }) && none.to_string().contains("PGPASSWORD"), "{none}");
    let passfile = server.file("pgpass");
    fs::write(&passfile, format!("127.0.0.1:{}:*:postgres:hunter2\n", server.port)).unwrap();
    fs::set_permissions(&passfile, Permissions::from_mode(0o600)).unwrap();
    let session = server.connect("user=postgres passfile={}/pgpass").await.unwrap();
    assert_eq!((session.server.major, session.server.is_superuser), (17, true));
    let missing = server.connect("user=postgres password=hunter2 dbname=nowhere").await.unwrap_err();
    assert!(matches!(missing, ConnectError::NoDatabase { .. }), "{missing}");
}

async fn modes(server: &Server) {
    for (text, is_encrypted) in [
        ("user=postgres password=hunter2 sslmode=disable", false),
        ("user=postgres password=hunter2 sslmode=allow", false),
        ("user=postgres password=hunter2 sslmode=prefer", true),
        ("user=postgres password=hunter2 sslmode=require channel_binding=require", true),
        ("user=plain sslmode=prefer", false), // pg_hba.conf wants it so, and prefer gives in
        ("user=encrypted sslmode=allow", true),
        ("user=encrypted sslmode=verify-ca sslrootcert={}/ca.crt", true), // by address, which the certificate does not hold
        ("user=encrypted sslmode=verify-full sslrootcert={}/ca.crt host=db.test", true),
        ("user=encrypted sslmode=verify-full sslrootcert={}/server.crt host=db.test", true),
        ("user=certified sslmode=require sslcert={}/certified.crt sslkey={}/certified.key", true),
        ("user=encrypted sslmode=require sslnegotiation=direct", true),
    ] {
        match server.connect(text).await {
            Ok(session) => assert_eq!(encrypted(&session).await, is_encrypted, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

async fn refusals(server: &Server) {
    for text in [
        "user=encrypted sslmode=verify-ca sslrootcert={}/other.crt",
        "user=encrypted sslmode=require sslrootcert={}/other.crt",
        "user=encrypted sslmode=verify-full sslrootcert={}/ca.crt",
        "user=encrypted sslmode=verify-full sslrootcert={}/ca.crt host=other.test",
    ] {
        let error = server.connect(text).await.unwrap_err();
        assert!(matches!(error, ConnectError::Tls { .. }), "{text}: {error}");
        assert_eq!(error.exit_code(), 6);
    }
    for text in ["user=plain sslmode=require", "user=encrypted sslmode=disable", "user=certified sslmode=require"] {
        let error = server.connect(text).await.unwrap_err();
        assert!(matches!(error, ConnectError::Authentication { .. }), "{text}: {error}");
    }
    fs::set_permissions(server.file("certified.key"), Permissions::from_mode(0o644)).unwrap();
    for text in [
        "user=encrypted sslmode=verify-full",
        "user=encrypted sslmode=verify-full sslrootcert={}/nothing.crt",
        "user=certified sslmode=require sslcert={}/certified.crt sslkey={}/certified.key",
    ] {
        let error = server.connect(text).await.unwrap_err();
        assert_eq!(error.exit_code(), 5, "{text}: {error}");
    }
}

#[test]
fn sessions_are_as_the_settings_want_them() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        server.ready().await;
        passwords(&server).await;
        modes(&server).await;
        refusals(&server).await;
    });
}
