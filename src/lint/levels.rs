//! How bad findings are: what settings say, and else what the rule says.

use std::collections::BTreeMap;

use super::rules::{self, Rule};
use crate::config::{Settings, closest};
use crate::error::{Error, Exit};
use crate::report::{Diagnostic, Level};

/// Levels of rules by name; `None` where one is off.
#[derive(Clone, Debug, Default)]
pub struct Levels(BTreeMap<String, Option<Level>>);

impl Levels {
    /// What `[lint]` says.
    ///
    /// # Errors
    /// Names of rules that there are not.
    pub fn of(settings: &Settings) -> Result<Self, Error> {
        let mut problems = Vec::new();
        for (name, level) in &settings.lint {
            if rules::find(name).is_none() {
                let mut problem = unknown(name);
                problem.places.extend(level.place.clone());
                problems.push(problem);
            }
        }
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Err(Error::all(Exit::Usage, first, problems)),
            None => Ok(Self(settings.lint.iter().map(|(name, level)| (name.clone(), level.level)).collect())),
        }
    }

    /// How bad findings of a rule are; `None` where it is off. `own`: what the rule says of this one.
    pub(super) fn level(&self, rule: &Rule, own: Option<Level>) -> Option<Level> {
        match self.0.get(rule.name) {
            Some(said) => *said,
            None => Some(own.unwrap_or(rule.level)),
        }
    }
}

/// A rule that there is not, with the name that was perhaps meant.
pub(super) fn unknown(name: &str) -> Diagnostic {
    let problem = Diagnostic::error(format!("there is no lint rule {name}"));
    match closest(name, rules::RULES.iter().map(|rule| rule.name.to_owned())) {
        Some(nearest) => problem.help(format!("did you mean {nearest}?")),
        None => problem.help("trueup lint --explain all lists the rules"),
    }
}
