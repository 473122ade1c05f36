//! What a rule has found.

use serde::Serialize;

use crate::report::{Diagnostic, Level, Place};

/// What a rule has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Level,
    /// The file.
    pub file: String,
    /// Number of the step in a plan, or of the statement in another file; `None` where the file as a whole is meant.
    pub step: Option<u32>,
    /// What is the matter.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do instead.
    pub fix: String,
    /// Where, as far as there is a text.
    pub place: Option<Place>,
}

impl Finding {
    /// As people are shown it.
    pub fn diagnostic(&self) -> Diagnostic {
        let place = if self.place.is_none() { format!("{}: ", self.at()) } else { String::new() };
        let mut diagnostic = Diagnostic::of(self.severity, format!("{place}{}", self.message)).code(self.rule);
        diagnostic.places.extend(self.place.clone());
        diagnostic.because(self.why.as_str()).help(self.fix.as_str())
    }

    fn at(&self) -> String {
        self.step.map_or_else(|| self.file.clone(), |step| format!("{}, step {step}", self.file))
    }
}
