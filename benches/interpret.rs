//! How long schema files take on their way into a catalog: found and parsed, then interpreted; and the difference of two of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mimalloc::MiMalloc;
use trueup::model::{Catalog, Pair};
use trueup::plan::steps::steps;
use trueup::source::{files, interpret};

/// The program's own, for both sides.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const MAJOR: u32 = 17;
/// A megabyte of statements.
const TABLES: u64 = 950;

fn generate(folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/generate");
    let status = Command::new(script).arg(folder).args(["--tables", &TABLES.to_string()]).status().expect("benches/generate runs");
    assert!(status.success());
}

fn parsed(path: PathBuf) -> files::SchemaFiles {
    files::parse(files::find(&[path]).unwrap()).unwrap()
}

fn interpreted(files: &files::SchemaFiles) -> Catalog {
    interpret::interpret(files, interpret::new_database(MAJOR)).unwrap().catalog
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path());
    let (before, after) = (folder.path().join("before.sql"), folder.path().join("schema"));

    let mut group = criterion.benchmark_group("schema files");
    group.throughput(Throughput::Elements(TABLES)).sample_size(10);
    group.bench_function("parse", |bencher| bencher.iter(|| black_box(parsed(after.clone()))));
    let files = parsed(after.clone());
    group.bench_function("interpret", |bencher| bencher.iter(|| black_box(interpreted(&files))));
    let (from, to) = (interpreted(&parsed(before)), interpreted(&files));
    // The library's parse of the same text on one core, which both together are held against.
    let text: String = files.files.iter().map(|file| format!("{}\n", file.text)).collect();
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("pg_query's own parse", |bencher| {
        bencher.iter(|| black_box(pg_query::parse(&text, pg_query::ParserOptions::default()).unwrap()))
    });
    group.bench_function("parse and interpret", |bencher| bencher.iter(|| black_box(interpreted(&parsed(after.clone())))));
    group.throughput(Throughput::Elements(TABLES));
    group.bench_function("steps of a difference", |bencher| bencher.iter(|| black_box(steps(Pair::new(&from, &to), true).unwrap())));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
