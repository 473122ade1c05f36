//! PostgreSQL's own parser: text to parse trees with positions and back, and what is asked of the trees.

mod comment;
mod deparse;
mod file;
mod functions;
pub mod literal;
mod made;
pub(crate) mod memo;
mod parse;
mod print;
mod print_array;
mod raw;
mod references;
mod scan;
pub mod stack;
mod tree;
pub mod types;
pub mod walk;
mod walk_generated;

pub use comment::{Hint, HintKind};
pub use deparse::{
    deparse_expr, deparse_stmt, deparse_type, normalize_expr, normalize_query, normalize_written, pretty_query, write_truth_values,
};
pub use file::{Statement, parse_file, parse_file_packed, parse_script};
pub use functions::is_builtin_function;
pub use made::made;
pub use parse::{is_of_name, parse_expr, parse_one, parse_qualified_name, parse_type};
pub use pg_query::{Node, NodeEnum, protobuf};
pub use print::{parse_printed, parse_printed_expr, reads_back};
pub use references::{FunctionRef, Name, References, references};
pub use scan::{Comment, Include, comments, includes};
pub use tree::Tree;

/// What the parser refuses, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// PostgreSQL's message, or trueup's where the text is not for the server.
    pub message: String,
    /// Byte offset in the text that was given.
    pub position: Option<usize>,
}

impl ParseError {
    /// A message about one place of the text.
    pub fn at(position: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), position: Some(position) }
    }

    /// A message about the text as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self { message: message.into(), position: None }
    }

    /// The same error for a text in which the one that was parsed starts at `offset`.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.position = self.position.map(|position| position + offset);
        self
    }
}
