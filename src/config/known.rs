//! The settings that there are, once: their names in the file and in the environment.

use crate::object::Kind;

/// A setting that is one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in the file; `section.key` in a section.
    pub key: &'static str,
    /// What `trueup init` writes over it.
    pub about: &'static str,
    /// The default or an example, as the file would have it.
    pub example: &'static str,
}

/// Every setting that is one value.
pub const KNOWN: &[Known] = &[
    Known { key: "schema", about: "folders and files of the desired state", example: "\"db/schema\"" },
    Known { key: "plans", about: "folder of the plan files", example: "\"plans\"" },
    Known { key: "database_url", about: "the database; without it, the PG* variables of libpq", example: "\"${DATABASE_URL}\"" },
    Known { key: "lock_timeout", about: "longest wait for the migration lock, in ms", example: "30000" },
    Known { key: "step_lock_timeout", about: "lock_timeout of one try of a step, in ms", example: "3000" },
    Known { key: "statement_timeout", about: "statement_timeout of a step, in ms; 0 for none", example: "0" },
    Known { key: "retries", about: "how often a step that got no lock is tried again", example: "10" },
    Known { key: "online", about: "whether changes of existing tables take the way that blocks least", example: "true" },
    Known { key: "scratch.mode", about: "auto or off: whether a throwaway server is used", example: "\"auto\"" },
    Known {
        key: "scratch.url",
        about: "a server for scratch databases, instead of a private one",
        example: "\"postgres://localhost/postgres\"",
    },
    Known {
        key: "scratch.bin",
        about: "folder of the PostgreSQL programs for the private server",
        example: "\"/usr/lib/postgresql/17/bin\"",
    },
    Known {
        key: "scratch.known_from",
        about: "from how many statements on the state that they make is kept in the cache, so that only what changes is run again; 0: never",
        example: "300",
    },
    Known { key: "manage.owners", about: "auto (where the schema files speak of them), always, never", example: "\"auto\"" },
    Known { key: "manage.privileges", about: "auto (where the schema files speak of them), always, never", example: "\"auto\"" },
];

/// The sections that hold settings of their own.
pub const SECTIONS: &[&str] = &["scratch", "manage", "ignore", "lint", "env"];

/// The key under `[ignore]` for objects of every kind.
pub const IGNORE_ANY: &str = "any";

/// The environment variable of a setting: `TRUEUP_` and its name, but `DATABASE_URL` as everybody has it.
pub fn variable(key: &str) -> String {
    if key == "database_url" { "DATABASE_URL".to_owned() } else { format!("TRUEUP_{}", key.replace('.', "_").to_uppercase()) }
}

/// Whether a dotted key is a setting. Rules under `[lint]` are known to the linter alone.
pub fn is_known(key: &str) -> bool {
    if let Some(kind) = key.strip_prefix("ignore.") {
        return kind == IGNORE_ANY || Kind::ALL.iter().any(|known| known.can_be_left_out() && known.name() == kind);
    }
    key.strip_prefix("lint.").is_some_and(|rule| !rule.is_empty()) || KNOWN.iter().any(|known| known.key == key)
}

/// The known name that is most like an unknown one, in the same section where it is in one.
pub fn nearest(key: &str) -> Option<String> {
    let kinds = Kind::ALL
        .iter()
        .filter(|kind| kind.can_be_left_out())
        .map(|kind| format!("ignore.{}", kind.name()))
        .chain([format!("ignore.{IGNORE_ANY}")]);
    let all = KNOWN.iter().map(|known| known.key.to_owned()).chain(SECTIONS.iter().map(|section| (*section).to_owned())).chain(kinds);
    closest(key, all)
}

/// The candidate that is most like a word, if any is.
pub fn closest(word: &str, candidates: impl IntoIterator<Item = String>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, &candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.4)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest() {
        assert_eq!(nearest("shcema").as_deref(), Some("schema"));
        assert_eq!(nearest("ignore.tables").as_deref(), Some("ignore.table"));
        assert_eq!(nearest("scratch.urls").as_deref(), Some("scratch.url"));
        assert_eq!(nearest("q"), None);
    }

    #[test]
    fn spells_variables() {
        assert_eq!(variable("scratch.bin"), "TRUEUP_SCRATCH_BIN");
        assert_eq!(variable("database_url"), "DATABASE_URL");
    }
}
