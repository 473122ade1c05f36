//! One thing to say of some place: what is wrong, where, and what to do about it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as SnippetLevel, Renderer, Snippet};
use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Good to know.
    Note,
    /// Worth a look.
    Warning,
    /// Stands in the way.
    Error,
}

impl Level {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A span of a text that a person can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the person would name it.
    pub file: String,
    /// All of its text.
    pub text: Arc<str>,
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What is the matter just there, where the message does not say it.
    pub label: Option<String>,
}

impl Place {
    /// A span of a file's text.
    pub fn new(file: impl Into<String>, text: impl Into<Arc<str>>, span: Range<usize>) -> Self {
        Self { file: file.into(), text: text.into(), span, label: None }
    }

    /// A whole line of a file's text, counted from 1.
    pub fn line(file: impl Into<String>, text: impl Into<Arc<str>>, number: usize) -> Self {
        let text = text.into();
        let start = text.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum::<usize>().min(text.len());
        let length = text[start..].find('\n').unwrap_or(text.len() - start);
        Self { file: file.into(), text, span: start..start + length, label: None }
    }

    /// With a word on what is the matter there.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Line and column of the start, both counted from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        let before = &self.text[..self.floor(self.span.start)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The nearest character boundary at or below a byte position: positions from elsewhere may be anything.
    fn floor(&self, mut at: usize) -> usize {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn bounds(&self) -> Range<usize> {
        let start = self.floor(self.span.start);
        start..self.floor(self.span.end).max(start)
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let (line, column) = self.position();
        let mut place = serializer.serialize_struct("Place", 4)?;
        place.serialize_field("file", &self.file)?;
        place.serialize_field("line", &line)?;
        place.serialize_field("column", &column)?;
        place.serialize_field("label", &self.label)?;
        place.end()
    }
}

/// What [`Place`] is in JSON.
#[derive(schemars::JsonSchema)]
#[schemars(rename = "Place")]
#[expect(dead_code, reason = "it is there to be described")]
struct PlaceInJson {
    file: String,
    line: usize,
    column: usize,
    label: Option<String>,
}

impl schemars::JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        PlaceInJson::json_schema(generator)
    }
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// A stable name of the matter, such as a lint rule or an SQLSTATE.
    pub code: Option<String>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; the first is the main place.
    pub places: Vec<Place>,
    /// More about it: causes, what the server added.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self::of(Level::Error, message)
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::of(Level::Warning, message)
    }

    /// A note.
    pub fn note(message: impl Into<String>) -> Self {
        Self::of(Level::Note, message)
    }

    /// Of a level.
    pub fn of(level: Level, message: impl Into<String>) -> Self {
        Self { level, code: None, message: message.into(), places: Vec::new(), notes: Vec::new(), help: None }
    }

    /// With a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// With its stable name.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// With more about it.
    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What the server or the connection says, in the way of `during` ("cannot ...").
    pub fn from_server(during: &str, error: &tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            let mut text = error.to_string();
            let mut cause = std::error::Error::source(error);
            while let Some(inner) = cause {
                let inner_text = inner.to_string();
                if !text.contains(&inner_text) {
                    text = format!("{text}: {inner_text}");
                }
                cause = inner.source();
            }
            return Self::error(format!("{during}: {text}"));
        };
        let mut diagnostic = Self::error(format!("{during}: {}", db.message())).code(db.code().code());
        if let Some(detail) = db.detail() {
            diagnostic = diagnostic.because(detail);
        }
        if let Some(context) = db.where_() {
            diagnostic = diagnostic.because(context);
        }
        match db.hint() {
            Some(hint) => diagnostic.help(hint),
            None => diagnostic,
        }
    }

    /// As text with the source lines shown, for a terminal or not.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.level {
            Level::Note => SnippetLevel::NOTE,
            Level::Warning => SnippetLevel::WARNING,
            Level::Error => SnippetLevel::ERROR,
        };
        let mut title = level.primary_title(self.message.as_str());
        if let Some(code) = &self.code {
            title = title.id(code.as_str());
        }
        let mut group = Group::with_title(title);
        for (index, place) in self.places.iter().enumerate() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(place.bounds()).label(place.label.as_deref());
            group = group.element(Snippet::source(&*place.text).path(place.file.as_str()).annotation(annotation));
        }
        for note in &self.notes {
            group = group.element(SnippetLevel::NOTE.message(note.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(SnippetLevel::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl From<String> for Diagnostic {
    fn from(message: String) -> Self {
        Self::error(message)
    }
}

impl From<&str> for Diagnostic {
    fn from(message: &str) -> Self {
        Self::error(message)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.places.first() {
            let (line, column) = place.position();
            write!(f, "{}:{line}:{column}: ", place.file)?;
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_line() {
        let text = "CREATE TABLE a ();\nCREATE TABEL b ();\n";
        let shown = Diagnostic::error("syntax error at or near \"TABEL\"")
            .at(Place::new("db/a.sql", text, 26..31))
            .help("write TABLE")
            .render(false);
        assert!(shown.contains("db/a.sql:2:8"), "{shown}");
        assert!(shown.contains("CREATE TABEL b ();"), "{shown}");
        assert!(shown.contains("help: write TABLE"), "{shown}");
    }

    #[test]
    fn survives_spans_from_elsewhere() {
        for (start, end) in [(1, 2), (0, 99), (98, 99), (3, 1)] {
            let shown = Diagnostic::error("x").at(Place::new("f", "é\n", start..end)).render(false);
            assert!(shown.contains("f:1"), "{shown}");
        }
    }

    #[test]
    fn finds_lines() {
        assert_eq!(Place::line("f", "a\nbc\n", 2).span, 2..4);
        assert_eq!(Place::line("f", "a\nbc", 9).span, 4..4);
        assert_eq!(Place::line("f", "a\nbc\n", 2).position(), (2, 1));
    }
}
