//! The only code that prints.

mod diagnostic;
pub mod html;
mod progress;

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;

pub use diagnostic::{Diagnostic, Level, Place};
pub use progress::Progress;

use crate::error::Error;

/// What standard output carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On terminals, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A colour or weight of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Headings.
    Bold,
    /// Less important.
    Dim,
    /// Good news.
    Green,
    /// Worth a look.
    Yellow,
    /// Bad news.
    Red,
    /// Names.
    Cyan,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Green => "32",
            Self::Yellow => "33",
            Self::Red => "31",
            Self::Cyan => "36",
        }
    }
}

/// Prints results on standard output, and everything else on standard error.
#[derive(Clone, Copy, Debug)]
pub struct Reporter {
    format: Format,
    colour_out: bool,
    colour_err: bool,
    /// Negative with `-q`, positive with `-v`.
    verbosity: i8,
}

impl Reporter {
    /// From what was asked for and what standard output and error are.
    pub fn new(format: Format, color: Color, verbosity: i8) -> Self {
        // https://no-color.org: present and not empty.
        let wanted = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self { format, colour_out: wanted(io::stdout().is_terminal()), colour_err: wanted(io::stderr().is_terminal()), verbosity }
    }

    /// What standard output carries.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Whether `-v` was given.
    pub const fn verbose(&self) -> bool {
        self.verbosity > 0
    }

    /// The same text, styled where standard output takes it.
    pub fn style(&self, style: Style, text: &str) -> String {
        if self.colour_out { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_owned() }
    }

    /// A diagnostic that is a result, styled where standard output takes it.
    pub fn rendered(&self, diagnostic: &Diagnostic) -> String {
        diagnostic.render(self.colour_out)
    }

    /// A line of the result. Nothing where the result is JSON.
    pub fn line(&self, text: impl AsRef<str>) {
        if self.format == Format::Text {
            write_all(&mut io::stdout().lock(), &format!("{}\n", text.as_ref()));
        }
    }

    /// Text as it is, without a further newline. Nothing where the result is JSON.
    pub fn raw(&self, text: &str) {
        if self.format == Format::Text {
            write_all(&mut io::stdout().lock(), text);
        }
    }

    /// The whole result as a JSON document. Nothing where the result is text.
    pub fn document(&self, document: &impl Serialize) {
        if self.format == Format::Json {
            match serde_json::to_string_pretty(document) {
                Ok(text) => write_all(&mut io::stdout().lock(), &format!("{text}\n")),
                Err(error) => self.complain(&format!("error: the result cannot be written as JSON: {error}\n")),
            }
        }
    }

    /// What goes on, on standard error; not with `-q`.
    pub fn status(&self, text: impl AsRef<str>) {
        if self.verbosity >= 0 {
            self.complain(&format!("{}\n", text.as_ref()));
        }
    }

    /// Something to know, with its place, on standard error. With `-q` errors alone.
    pub fn diagnostic(&self, diagnostic: &Diagnostic) {
        if self.verbosity >= 0 || diagnostic.level == Level::Error {
            self.complain(&format!("{}\n", diagnostic.render(self.colour_err)));
        }
    }

    /// The error that ends the command. Where the result is JSON, the error is the document.
    pub fn error(&self, error: &Error) {
        for diagnostic in &error.diagnostics {
            self.diagnostic(diagnostic);
        }
        self.failure(error);
    }

    /// The error as the document, where the result is JSON.
    pub fn failure(&self, error: &Error) {
        self.document(&ErrorDocument { error });
    }

    /// A bar for long work, on a terminal; plain lines elsewhere.
    pub fn progress(&self, steps: u64) -> Progress {
        Progress::new(self.verbosity >= 0 && io::stderr().is_terminal(), steps)
    }

    /// Asks on the terminal. `None` where there is nobody to ask.
    pub fn confirm(&self, question: &str) -> Option<bool> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        self.complain(&format!("{question} [y/N] "));
        let mut answer = String::new();
        Some(io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
    }

    /// Why part of the output was not written, where some was not.
    pub fn lost(&self) -> Option<&'static str> {
        LOST.get().map(String::as_str)
    }

    fn complain(&self, text: &str) {
        write_all(&mut io::stderr().lock(), text);
    }
}

#[derive(Serialize, schemars::JsonSchema)]
struct ErrorDocument<'a> {
    error: &'a Error,
}

/// The JSON Schema of a document, as it is written.
pub fn schema_of<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// The JSON Schema of the document that a failure gives.
pub fn schema_of_errors() -> schemars::Schema {
    schema_of::<ErrorDocument<'_>>()
}

/// Writes. A reader that went away (`| head`) is no reason to stop: a migration must not end in the middle because its log
/// was cut short. What else goes wrong (a full disk) is told at the end, by [`Reporter::lost`].
fn write_all(to: &mut impl Write, text: &str) {
    if let Err(error) = to.write_all(text.as_bytes()).and_then(|()| to.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

static LOST: OnceLock<String> = OnceLock::new();

/// A duration as people say it.
pub fn duration(time: std::time::Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 1.0 {
        format!("{} ms", time.as_millis())
    } else if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        let whole = time.as_secs();
        if whole < 3600 { format!("{} min {} s", whole / 60, whole % 60) } else { format!("{} h {} min", whole / 3600, whole % 3600 / 60) }
    }
}

/// What stands after the summary of a step that may change nothing, as [`Step::possibly_cosmetic`](crate::model::Step) has it.
pub const fn cosmetic_mark(why: Option<&str>) -> &'static str {
    if why.is_some() { " (possibly cosmetic)" } else { "" }
}

/// `1 plan`, `2 plans`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
