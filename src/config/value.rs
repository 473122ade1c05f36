//! One value of a setting, where it comes from, and what it may mean.

use std::time::Duration;

use crate::error::Error;
use crate::report::{Diagnostic, Place};

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    Number(i64),
    Bool(bool),
    List(Vec<String>),
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    File(Place),
    Variable(String),
    Flag(&'static str),
}

/// A value with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) raw: Raw,
    pub(super) origin: Origin,
}

/// How the environment is looked into.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Value {
    pub(super) fn wrong(&self, message: impl Into<String>) -> Error {
        let message = message.into();
        Error::usage(match &self.origin {
            Origin::File(place) => Diagnostic::error(message).at(place.clone()),
            Origin::Variable(name) => Diagnostic::error(format!("{message} (environment variable {name})")),
            Origin::Flag(name) => Diagnostic::error(format!("{message} ({name})")),
        })
    }

    /// Whether it stands in a file, so that relative paths start there.
    pub(super) const fn in_file(&self) -> bool {
        matches!(self.origin, Origin::File(_))
    }

    pub(super) fn text(&self, key: &str, variables: Variables<'_>) -> Result<String, Error> {
        match &self.raw {
            Raw::Text(text) => self.expand(text, variables),
            _ => Err(self.wrong(format!("{key} must be text"))),
        }
    }

    pub(super) fn list(&self, key: &str, variables: Variables<'_>) -> Result<Vec<String>, Error> {
        match &self.raw {
            Raw::Text(text) => Ok(vec![self.expand(text, variables)?]),
            Raw::List(items) => items.iter().map(|item| self.expand(item, variables)).collect(),
            _ => Err(self.wrong(format!("{key} must be a text or a list of texts"))),
        }
    }

    pub(super) fn boolean(&self, key: &str, variables: Variables<'_>) -> Result<bool, Error> {
        if let Raw::Bool(yes) = self.raw {
            return Ok(yes);
        }
        match self.text(key, variables).ok().as_deref() {
            Some("true" | "on" | "yes" | "1") => Ok(true),
            Some("false" | "off" | "no" | "0") => Ok(false),
            _ => Err(self.wrong(format!("{key} must be true or false"))),
        }
    }

    pub(super) fn number(&self, key: &str, variables: Variables<'_>) -> Result<u32, Error> {
        let number = match &self.raw {
            Raw::Number(number) => u32::try_from(*number).ok(),
            Raw::Text(_) => self.text(key, variables)?.trim().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.wrong(format!("{key} must be a whole number, not negative")))
    }

    /// Milliseconds, or a number with a unit as PostgreSQL's own settings have it.
    pub(super) fn duration(&self, key: &str, variables: Variables<'_>) -> Result<Duration, Error> {
        let text = match &self.raw {
            Raw::Number(number) => number.to_string(),
            _ => self.text(key, variables)?,
        };
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let factor = match unit.trim() {
            "" | "ms" => Some(1),
            "s" => Some(1_000),
            "min" => Some(60_000),
            "h" => Some(3_600_000),
            _ => None,
        };
        // PostgreSQL's timeouts are int4 milliseconds.
        let milliseconds = number
            .parse::<u64>()
            .ok()
            .zip(factor)
            .and_then(|(number, factor)| number.checked_mul(factor))
            .filter(|ms| *ms <= 2_147_483_647);
        milliseconds
            .map(Duration::from_millis)
            .ok_or_else(|| self.wrong(format!("{key} must be milliseconds, or a number with ms, s, min or h")))
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)], variables: Variables<'_>) -> Result<T, Error> {
        let text = self.text(key, variables)?;
        words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            self.wrong(format!("{key} must be one of {known}"))
        })
    }

    /// `${VAR}` replaced from the environment; `$${` stands for `${`. In files alone: the shell has done it elsewhere.
    fn expand(&self, text: &str, variables: Variables<'_>) -> Result<String, Error> {
        if !self.in_file() {
            return Ok(text.to_owned());
        }
        let mut done = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            if rest[..at].ends_with('$') {
                done.push_str(&rest[..at - 1]);
                done.push_str("${");
                rest = &rest[at + 2..];
                continue;
            }
            done.push_str(&rest[..at]);
            let after = &rest[at + 2..];
            let end = after.find('}').ok_or_else(|| self.wrong("${ without }"))?;
            let name = &after[..end];
            let value = variables(name).ok_or_else(|| self.wrong(format!("the environment variable {name} is not set")))?;
            done.push_str(&value);
            rest = &after[end + 1..];
        }
        done.push_str(rest);
        Ok(done)
    }
}
