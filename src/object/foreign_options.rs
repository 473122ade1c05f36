//! OPTIONS of what is foreign: wrappers, servers, user mappings, tables, columns. Secrets among them are neither compared nor written:
//! a plan leaves those of the database as they are, whatever stands in their place in files.

use std::collections::BTreeSet;

use pg_query::Node;
use pg_query::protobuf::DefElemAction;
use serde::{Deserialize, Serialize};

use super::{CatalogRow, DdlError, ReadError};
use crate::model::{Hazard, Options, Pair, Step, quote_ident, quote_literal};
use crate::sql::literal;

/// What the name of an option has in it whose value is nobody's business. Foreign-data wrappers name options as they like;
/// those of postgres_fdw are libpq's.
pub const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "credential",
    "private_key",
    "access_key",
    "api_key",
    "apikey",
];

/// How the name of an option ends that only says whether there must be a secret (`password_required` of postgres_fdw).
pub const REQUIRED: &str = "_required";

/// Whether an option of that name holds a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.ends_with(REQUIRED) && SECRET.iter().any(|word| name.contains(word))
}

/// The OPTIONS of an object.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ForeignOptions {
    /// All that are no secrets.
    options: Options,
    /// The names of the secrets. That there are some makes no difference.
    #[serde(skip)]
    secrets: BTreeSet<String>,
}

impl PartialEq for ForeignOptions {
    fn eq(&self, other: &Self) -> bool {
        let Self { options, secrets: _ } = self;
        *options == other.options
    }
}

impl Eq for ForeignOptions {}

impl ForeignOptions {
    /// None.
    pub const fn new() -> Self {
        Self { options: Options::new(), secrets: BTreeSet::new() }
    }

    /// From a column of a catalog query.
    ///
    /// # Errors
    /// Where the query does not give it.
    pub fn read(row: &CatalogRow<'_>, column: &str) -> Result<Self, ReadError> {
        let mut found = Self::new();
        for (name, value) in row.options(column)? {
            found.add(name, value);
        }
        Ok(found)
    }

    fn add(&mut self, name: String, value: String) {
        if is_secret(&name) {
            self.secrets.insert(name);
        } else {
            self.options.insert(name, value);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.options.contains_key(name) || self.secrets.contains(name)
    }

    /// The OPTIONS clause of CREATE, if there is anything to say. Names are labels, values always literals.
    pub fn clause(&self) -> Option<String> {
        let spelled: Vec<String> =
            self.options.iter().map(|(name, value)| format!("{} {}", quote_ident(name), quote_literal(value))).collect();
        (!spelled.is_empty()).then(|| format!("OPTIONS ({})", spelled.join(", ")))
    }

    /// The OPTIONS clause of ALTER.
    pub fn changes(pair: Pair<&Self>) -> Option<String> {
        let pair = pair.map(|one| &one.options);
        let gone = pair.from.keys().filter(|name| !pair.to.contains_key(name)).map(|name| format!("DROP {}", quote_ident(name)));
        let set = pair.to.iter().filter(|(name, value)| pair.from.get(name) != Some(*value)).map(|(name, value)| {
            let verb = if pair.from.contains_key(name) { "SET" } else { "ADD" };
            format!("{verb} {} {}", quote_ident(name), quote_literal(value))
        });
        let clauses: Vec<String> = gone.chain(set).collect();
        (!clauses.is_empty()).then(|| format!("OPTIONS ({})", clauses.join(", ")))
    }

    fn secrets(&self) -> Option<String> {
        (!self.secrets.is_empty()).then(|| self.secrets.iter().cloned().collect::<Vec<_>>().join(", "))
    }

    /// The step that creates the object; it says so where secrets are left for somebody to set.
    #[must_use]
    pub fn created(&self, step: Step) -> Step {
        match self.secrets() {
            Some(names) => {
                step.hazard(Hazard::Assumes(format!("somebody sets {names} afterwards, by ALTER .. OPTIONS: plans hold no secrets")))
            }
            None => step,
        }
    }

    /// The step that drops the object; secrets go with it, and no plan brings them back.
    #[must_use]
    pub fn dropped(&self, step: Step) -> Step {
        match self.secrets() {
            Some(names) => step.hazard(Hazard::Loss(format!("the secrets among its options: {names}"))),
            None => step,
        }
    }

    /// Works the OPTIONS clause of a statement in (`transformGenericOptions` in src/backend/commands/foreigncmds.c).
    ///
    /// # Errors
    /// Where an option is there that shall be added, or is not that shall be set or dropped.
    pub fn say(&mut self, said: &[Node]) -> Result<(), DdlError> {
        for option in literal::def_elems(said) {
            let name = &option.defname;
            match option.defaction() {
                DefElemAction::DefelemSet | DefElemAction::DefelemDrop if !self.has(name) => {
                    return Err(DdlError::Waits(format!("option {} not found", quote_ident(name))));
                }
                DefElemAction::DefelemDrop => {
                    self.options.remove(name);
                    self.secrets.remove(name);
                }
                DefElemAction::DefelemSet => self.add(name.clone(), literal::value(option)?.unwrap_or_default()),
                _ if self.has(name) => return Err(DdlError::Exists(format!("option {}", quote_ident(name)))),
                _ => self.add(name.clone(), literal::value(option)?.unwrap_or_default()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[(&str, &str)]) -> ForeignOptions {
        let mut options = ForeignOptions::new();
        for (name, value) in texts {
            options.add((*name).to_owned(), (*value).to_owned());
        }
        options
    }

    #[test]
    fn secrets_are_neither_compared_nor_written() {
        let (from, to) = (of(&[("user", "a"), ("password", "p")]), of(&[("user", "b"), ("password", "${SECRET}")]));
        assert_eq!(ForeignOptions::changes(Pair::new(&from, &to)).as_deref(), Some("OPTIONS (SET \"user\" 'b')"));
        assert_eq!(to.clause().as_deref(), Some("OPTIONS (\"user\" 'b')"));
        assert_eq!(from, of(&[("user", "a")]));
        assert!(from.dropped(Step::new("", "")).loses() && !serde_json::to_string(&from).unwrap_or_default().contains("\"p\""));
        assert!(!is_secret("sslkey") && is_secret("sslpassword") && !is_secret("password_required"));
    }
}
