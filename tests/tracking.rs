//! trueup's own tables: what `schema/` wants, what `plans/` make, and what psql makes of the plans are the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Home, pg_root, run};
use trueup::execute::tracking;

fn client(program: &str) -> Command {
    Command::new(pg_root().join("client/bin").join(program))
}

/// The schema trueup as pg_dump writes it, without the lines that differ from run to run.
fn dump(url: &str) -> String {
    let output = client("pg_dump").args(["--schema-only", "--schema=trueup", "-d", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")).collect::<Vec<_>>().join("\n")
}

fn psql(url: &str, file: &Path) {
    let output = client("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-f"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn schema_and_plans_agree() {
    for major in [14, 18] {
        run(async {
            let mut home = Home::new(major).await;
            home.run(&["init"]).exits(0);
            let installed = dump(&home.url);
            let place = home.url.rsplit_once('/').unwrap().0.to_owned();
            let wanted = home.server.database(None).await.unwrap();
            home.server.connect(&wanted, None).await.unwrap().client.batch_execute(tracking::DESIRED).await.unwrap();
            assert_eq!(installed, dump(&format!("{place}/{wanted}")));
            let by_hand = home.server.database(None).await.unwrap();
            let url = format!("{place}/{by_hand}");
            let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
            let folder = tracking::plans().unwrap();
            for plan in &folder.plans {
                psql(&url, &plans.join(&plan.up.file));
            }
            assert_eq!(installed, dump(&url));
            for plan in folder.plans.iter().rev() {
                psql(&url, &plans.join(&plan.down.as_ref().unwrap().file));
            }
            let left = home
                .server
                .connect(&by_hand, None)
                .await
                .unwrap()
                .client
                .query("SELECT 1 FROM pg_namespace WHERE nspname = 'trueup'", &[])
                .await;
            assert!(left.unwrap().is_empty());
        });
    }
}
