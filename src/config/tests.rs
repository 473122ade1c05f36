#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn resolve(text: &str, variables: &[(&str, &str)], overrides: &Overrides) -> Result<Settings, Error> {
    let variables = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::resolve_from(overrides, Some((Path::new("conf/trueup.toml"), text)), &variables)
}

#[test]
fn works_without_a_file() {
    let settings = Settings::resolve_from(&Overrides::default(), None, &|_| None).unwrap();
    assert_eq!(settings.schema, [PathBuf::from("db/schema")]);
    assert_eq!(settings.plans, PathBuf::from("plans"));
    assert_eq!(settings.database_url, None);
}

#[test]
fn flag_beats_variable_beats_environment_beats_file() {
    let text = "retries = 1\nlock_timeout = 1\nstatement_timeout = \"2s\"\nplans = \"p\"\n[env.prod]\nretries = 2\nlock_timeout = 2\nstatement_timeout = 5\n";
    let mut overrides = Overrides { env: Some("prod".to_owned()), ..Overrides::default() };
    overrides.set("retries", "--retries", "4");
    let settings = resolve(text, &[("TRUEUP_LOCK_TIMEOUT", "3"), ("TRUEUP_RETRIES", "3")], &overrides).unwrap();
    assert_eq!(settings.retries, 4);
    assert_eq!(settings.lock_timeout, Duration::from_millis(3));
    assert_eq!(settings.statement_timeout, Duration::from_millis(5));
    assert_eq!(settings.plans, PathBuf::from("conf/p"));
}

#[test]
fn names_the_nearest_known_key_and_its_line() {
    let error = resolve("plans = \"p\"\n[env.x.scratch]\nmood = \"off\"\n", &[], &Overrides::default()).unwrap_err();
    let shown = error.diagnostics[0].render(false);
    assert!(
        shown.contains("unknown setting scratch.mood")
            && shown.contains("conf/trueup.toml:3:1")
            && shown.contains("did you mean scratch.mode?"),
        "{shown}"
    );
}

#[test]
fn variables_are_looked_up_where_they_are_needed() {
    let text = "database_url = \"postgres://u:${PW}@h/$${x}\"\n[env.other]\ndatabase_url = \"${UNSET}\"\n";
    let settings = resolve(text, &[("PW", "secret")], &Overrides::default()).unwrap();
    assert_eq!(settings.database_url, Some(DatabaseUrl("postgres://u:secret@h/${x}".to_owned())));
    assert!(!format!("{settings:?}").contains("secret"));
    let error = resolve(text, &[("TRUEUP_ENV", "other")], &Overrides::default()).unwrap_err();
    assert!(error.message().contains("UNSET is not set"), "{error}");
}

#[test]
fn says_what_a_value_must_be() {
    for (text, expected) in [
        ("retries = -1", "whole number"),
        ("online = \"perhaps\"", "true or false"),
        ("lock_timeout = \"3 weeks\"", "milliseconds"),
        ("schema = []", "name a path"),
        ("[manage]\nowners = \"sometimes\"", "auto, always, never"),
        ("[lint]\nx = \"loud\"", "off, note, warning, error"),
        ("plans = 1.5", "must be text"),
        ("env = 1", "env holds tables"),
        ("plans = \"a\"\nplans = \"b\"", "duplicate key"),
    ] {
        let error = resolve(text, &[], &Overrides::default()).unwrap_err();
        assert!(error.message().contains(expected), "{text}: {error}");
        assert_eq!(error.exit, crate::error::Exit::Usage);
    }
}

#[test]
fn an_unknown_environment_is_an_error() {
    let overrides = Overrides { env: Some("prd".to_owned()), ..Overrides::default() };
    let error = resolve("[env.prod]\n", &[], &overrides).unwrap_err();
    assert_eq!(error.diagnostics[0].help.as_deref(), Some("did you mean prod?"));
}

#[test]
fn reads_ignore_and_lint() {
    let settings =
        resolve("[ignore]\ntable = [\"tmp_*\"]\nany = \"x\"\n[lint]\nadding-required-field = \"off\"\n", &[], &Overrides::default())
            .unwrap();
    assert_eq!(settings.ignore.len(), 2);
    assert_eq!(settings.lint["adding-required-field"].level, None);
}
