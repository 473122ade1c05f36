//! Development aid.
#![allow(missing_docs, clippy::all)]
use std::path::PathBuf;
use trueup::plan::make;
use trueup::scratch::{self, ScratchOptions};
use trueup::source::{files, live::Scope, load};
use trueup::plan::proof::Verdict;

fn main_in_big_stack() {
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let root = PathBuf::from(std::env::var("CASES").unwrap());
        let filter = std::env::var("FILTER").unwrap_or_default();
        let major: u32 = std::env::var("PGMAJOR").unwrap_or("17".into()).parse().unwrap();
        let mut cases: Vec<PathBuf> = walkdir::WalkDir::new(&root).into_iter().filter_map(|e| e.ok()).filter(|e| e.file_name() == "old.sql").map(|e| e.path().parent().unwrap().to_owned()).collect();
        cases.sort();
        let scope = Scope { exclude_schemas: vec!["trueup".into()], ..Default::default() };
        let options = ScratchOptions { bin: Some(format!("/work/pg/{major}/bin").into()), url: None, major };
        let mut scratch = scratch::start(&options).await.unwrap();
        let (mut ok, mut all) = (0, 0);
        for case in cases {
            let name = format!("{}/{}", case.parent().unwrap().file_name().unwrap().to_string_lossy(), case.file_name().unwrap().to_string_lossy());
            if !name.contains(&filter) { continue; }
            let db = scratch.database(None).await.unwrap();
            let conn = scratch.connect(&db, Some("postgres")).await.unwrap();
            let side = |file: &str| { let mut f = vec![]; for n in ["setup.sql", file] { if case.join(n).exists() { f.push(case.join(n)); } } files::find(&f).and_then(files::parse) };
            let result: Result<Option<make::Made>, String> = async {
                let old = side("old.sql").map_err(|e| format!("old parse {e}"))?;
                if let Err(e) = load::load(&conn.client, &old).await { return { println!("{name}: UNLOADABLE {e}"); Ok(None) } }
                let new = side("new.sql").map_err(|e| format!("new parse {e}"))?;
                let from = make::present(&conn, &scope).await.map_err(|e| format!("read {e}"))?;
                make::make(&mut scratch, from, &new, "postgres", &scope, true).await.map(Some).map_err(|e| format!("make {e}"))
            }.await;
            conn.close().await;
            let _ = scratch.drop_database(&db).await;
            match result {
                Ok(None) => {}
                Err(e) => { all += 1; println!("{name}: ERROR {e}") }
                Ok(Some(made)) => {
                    all += 1;
                    if std::env::var("SHOW").is_ok() { for s in &made.up { println!("UP   {};", s.sql) } for s in &made.down { println!("DOWN {};", s.sql) } }
                    match made.verdict {
                        Verdict::Proved { beyond, .. } if beyond.is_empty() => ok += 1,
                        Verdict::Proved { beyond, .. } => println!("{name}: BEYOND {}", beyond.join("\n    ")),
                        Verdict::Failed { why } => println!("{name}: FAILED {}", why.join("\n    ")),
                        Verdict::Impossible { why } => println!("{name}: IMPOSSIBLE {why}"),
                    }
                }
            }
        }
        println!("{ok} of {all}");
        scratch.stop().await.unwrap();
    });
}

#[test]
#[ignore]
fn dev() {
    trueup::sql::stack::run_big(main_in_big_stack);
}
