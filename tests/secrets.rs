//! Secrets in user mappings and subscriptions are neither printed nor overwritten by what stands for them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;

use support::{Home, Said, run};

const MAPPING: &str = "hunter2";
const SUBSCRIPTION: &str = "hunter3";

const OLD: &str = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w OPTIONS (host 'far.example');
    CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'ada', password 'hunter2');
    CREATE SUBSCRIPTION feed CONNECTION 'host=far.example user=ada password=hunter3' PUBLICATION a WITH (connect = false)";

/// Runs the program, and looks for secrets in what it says and in all files of the project.
#[track_caller]
fn silent(home: &Home, args: &[&str]) -> Said {
    let said = home.run(args);
    let files = walkdir::WalkDir::new(home.folder.path()).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let texts = files.map(|file| fs::read_to_string(file.path()).unwrap_or_default());
    for text in texts.chain([said.out.clone(), said.err.clone()]) {
        assert!(!text.contains(MAPPING) && !text.contains(SUBSCRIPTION), "{args:?} tells a secret:\n{text}");
    }
    said
}

async fn secrets(home: &Home) -> (String, String) {
    let mapping =
        home.text("SELECT option_value FROM pg_user_mappings, pg_options_to_table(umoptions) WHERE option_name = 'password'").await;
    (mapping, home.text("SELECT subconninfo FROM pg_subscription WHERE subname = 'feed'").await)
}

#[test]
fn secrets_are_neither_printed_nor_overwritten_by_placeholders() {
    for major in [14, 18] {
        run(async {
            let home = Home::new(major).await;
            home.sql(OLD).await;
            let before = secrets(&home).await;
            assert_eq!(before.0, MAPPING);
            silent(&home, &["dump"]).exits(0).says("CREATE USER MAPPING").says("CREATE SUBSCRIPTION");
            silent(&home, &["dump", "--split", "--out", "db/schema"]).exits(0);
            let scratch = ["--scratch-url", home.url.as_str()];
            let plan = |args: &[&'static str]| silent(&home, &[args, &scratch[..]].concat());
            plan(&["plan", "none", "--check"]).exits(0);
            silent(&home, &["plan", "none", "--check", "--scratch", "off"]).exits(0);
            let edit = |from: &str, to: &str| {
                let mut edited = 0;
                for file in walkdir::WalkDir::new(home.path("db/schema")).into_iter().map(Result::unwrap) {
                    if let Some(text) = fs::read_to_string(file.path()).ok().filter(|text| text.contains(from)) {
                        fs::write(file.path(), text.replace(from, to)).unwrap();
                        edited += 1;
                    }
                }
                assert!(edited > 0, "no file says {from}");
            };
            edit("'ada'", "'bob'");
            edit("PUBLICATION a", "PUBLICATION a, b");
            plan(&["plan", "change"]).exits(0);
            silent(&home, &["show", "1"]).says("user mapping").says("subscription");
            silent(&home, &["apply", "--yes", "--allow-destructive"]).exits(0);
            assert_eq!(secrets(&home).await, before);
            assert_eq!(home.text("SELECT umoptions::text LIKE '%user=bob%' FROM pg_user_mappings").await, "true");
            plan(&["plan", "none", "--check"]).exits(0);
            silent(&home, &["drift"]);
            silent(&home, &["down", "--yes", "--allow-destructive"]).exits(0);
            assert_eq!(secrets(&home).await, before);
            home.sql("ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed").await;
        });
    }
}
