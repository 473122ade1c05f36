//! trueup.toml: its values by dotted key, each with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::known;
use super::value::{Origin, Raw, Value};
use crate::error::Error;
use crate::report::{Diagnostic, Place};

/// The values of a file, and of each of its environments.
#[derive(Debug, Default)]
pub(super) struct ConfigFile {
    pub(super) base: BTreeMap<String, Value>,
    pub(super) environments: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Reads the text of a file.
pub(super) fn read(name: &str, text: &str) -> Result<ConfigFile, Error> {
    let text: Arc<str> = Arc::from(text);
    let table = DeTable::parse(&text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        Error::usage(Diagnostic::error(error.message().trim()).at(Place::new(name, Arc::clone(&text), span)))
    })?;
    let mut reader = Reader { name, text: &text, problems: Vec::new() };
    let mut file = ConfigFile::default();
    for (key, value) in table.get_ref() {
        if key.get_ref() == "env" {
            reader.environments(value, &mut file.environments);
        } else {
            reader.take("", key, value, &mut file.base);
        }
    }
    let mut problems = reader.problems.into_iter();
    match problems.next() {
        Some(first) => Err(Error::all(crate::error::Exit::Usage, first, problems)),
        None => Ok(file),
    }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a Arc<str>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::new(self.name, Arc::clone(self.text), span)
    }

    fn environments(&mut self, value: &Spanned<DeValue<'_>>, into: &mut BTreeMap<String, BTreeMap<String, Value>>) {
        let DeValue::Table(environments) = value.get_ref() else {
            let place = self.place(value.span());
            self.problems.push(Diagnostic::error("env holds tables, one for each environment").at(place).help("write [env.NAME]"));
            return;
        };
        for (name, settings) in environments {
            let DeValue::Table(settings) = settings.get_ref() else {
                let place = self.place(name.span());
                self.problems.push(Diagnostic::error(format!("env.{} must be a table", name.get_ref())).at(place).help("write [env.NAME]"));
                continue;
            };
            let values = into.entry(name.get_ref().to_string()).or_default();
            for (key, value) in settings {
                self.take("", key, value, values);
            }
        }
    }

    fn take(
        &mut self,
        section: &str,
        key: &Spanned<toml::de::DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
        into: &mut BTreeMap<String, Value>,
    ) {
        let dotted = if section.is_empty() { key.get_ref().to_string() } else { format!("{section}.{}", key.get_ref()) };
        if let DeValue::Table(table) = value.get_ref()
            && section.is_empty()
            && known::SECTIONS.contains(&dotted.as_str())
            && dotted != "env"
        {
            for (key, value) in table {
                self.take(&dotted, key, value, into);
            }
            return;
        }
        if !known::is_known(&dotted) {
            let mut problem = Diagnostic::error(format!("unknown setting {dotted}")).at(self.place(key.span()));
            if let Some(nearest) = known::nearest(&dotted) {
                problem = problem.help(format!("did you mean {nearest}?"));
            }
            self.problems.push(problem);
            return;
        }
        match raw(value.get_ref()) {
            Some(raw) => {
                let origin = Origin::File(self.place(value.span()));
                into.insert(dotted, Value { raw, origin });
            }
            None => {
                let place = self.place(value.span());
                self.problems
                    .push(Diagnostic::error(format!("{dotted} must be text, a whole number, true or false, or a list of texts")).at(place));
            }
        }
    }
}

fn raw(value: &DeValue<'_>) -> Option<Raw> {
    match value {
        DeValue::String(text) => Some(Raw::Text(text.to_string())),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Raw::Number),
        DeValue::Boolean(yes) => Some(Raw::Bool(*yes)),
        DeValue::Array(items) => items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            })
            .collect::<Option<_>>()
            .map(Raw::List),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
