//! What stands between the tokens: comments, psql's meta-commands, COPY data. The parser throws the first away and chokes on the others.
//!
//! The rules follow src/backend/parser/scan.l with `standard_conforming_strings` on.

use std::ops::Range;

use super::ParseError;

/// A comment and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment<'a> {
    /// The comment with its marks.
    pub text: &'a str,
    /// Its bytes in the file; a line comment ends before the line feed.
    pub span: Range<usize>,
}

impl<'a> Comment<'a> {
    /// What a line comment says, or `None` for `/* */`.
    pub fn line(&self) -> Option<&'a str> {
        self.text.strip_prefix("--").map(str::trim)
    }
}

/// All comments of a text, in order.
///
/// # Errors
/// Where a backslash command or COPY data stands in it.
pub fn comments(text: &str) -> Result<Vec<Comment<'_>>, ParseError> {
    Ok(Scan::of(text)?.comments)
}

/// A line by which psql reads another file: `\\i FILE` and `\\ir FILE`, between two statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include<'a> {
    /// The file as it is named.
    pub path: &'a str,
    /// Its bytes in the file that includes it.
    pub span: Range<usize>,
}

/// The files that a text includes, in order.
///
/// # Errors
/// Where another backslash command or COPY data stands in it.
pub fn includes(text: &str) -> Result<Vec<Include<'_>>, ParseError> {
    if !text.contains("\\i") {
        return Ok(Vec::new());
    }
    Ok(Scan::of(text)?.includes)
}

/// What the parser must not see, or would not tell.
#[derive(Debug, Default)]
pub struct Scan<'a> {
    pub comments: Vec<Comment<'a>>,
    /// Files that are read where these lines stand.
    pub includes: Vec<Include<'a>>,
    /// Lines for psql that mean nothing to a schema.
    pub ignored: Vec<Range<usize>>,
    /// Where statements end: the semicolons, those within a routine's BEGIN ATOMIC body too.
    pub semicolons: Vec<usize>,
}

impl<'a> Scan<'a> {
    pub fn of(text: &'a str) -> Result<Self, ParseError> {
        let mut scanner = Scanner { text, bytes: text.as_bytes(), at: 0, found: Scan::default(), copy: Copy::default() };
        if text.starts_with('\u{feff}') {
            scanner.found.ignored.push(0..3);
            scanner.at = 3;
        }
        while scanner.at < text.len() {
            scanner.step()?;
        }
        Ok(scanner.found)
    }

    /// The text with what is ignored blanked out, so that positions stay.
    pub fn blanked(&self, text: &str) -> String {
        let mut blanked = String::with_capacity(text.len());
        let mut done = 0;
        for range in &self.ignored {
            blanked.push_str(&text[done..range.start]);
            blanked.extend(std::iter::repeat_n(' ', range.len()));
            done = range.end;
        }
        blanked.push_str(&text[done..]);
        blanked
    }

    /// Narrows a span to where its first and last token stand.
    pub fn trimmed(&self, text: &str, mut span: Range<usize>) -> Range<usize> {
        while span.start < span.end {
            let rest = text[span.clone()].trim_start_matches(is_space);
            span.start = span.end - rest.len();
            let Ok(index) = self.comments.binary_search_by_key(&span.start, |comment| comment.span.start) else { break };
            span.start = self.comments[index].span.end.min(span.end);
        }
        while span.start < span.end {
            span.end = span.start + text[span.clone()].trim_end_matches(is_space).len();
            let Ok(index) = self.comments.binary_search_by_key(&span.end, |comment| comment.span.end) else { break };
            span.end = self.comments[index].span.start.max(span.start);
        }
        span
    }
}

/// `space` of scan.l.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// How much of `COPY ... FROM STDIN` the statement at hand has shown.
#[derive(Default)]
struct Copy {
    start: usize,
    words: usize,
    is_copy: bool,
    from: bool,
    stdin: bool,
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    found: Scan<'a>,
    copy: Copy,
}

impl<'a> Scanner<'a> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) -> Result<(), ParseError> {
        match self.peek(0) {
            b'-' if self.peek(1) == b'-' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'\'' => self.string(false),
            b'"' => self.quoted_identifier(),
            b'$' => self.dollar(),
            b';' => self.semicolon()?,
            b'\\' => self.backslash()?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            b'0'..=b'9' => self.skip(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')),
            _ => self.at += 1,
        }
        Ok(())
    }

    fn skip(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.at < self.bytes.len() && belongs(self.bytes[self.at]) {
            self.at += 1;
        }
    }

    fn comment(&mut self, start: usize) {
        self.found.comments.push(Comment { text: &self.text[start..self.at], span: start..self.at });
    }

    fn line_comment(&mut self) {
        let start = self.at;
        self.skip(|b| !matches!(b, b'\n' | b'\r'));
        self.comment(start);
    }

    /// Block comments nest.
    fn block_comment(&mut self) {
        let (start, mut depth) = (self.at, 0usize);
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => (self.at, depth) = (self.at + 2, depth + 1),
                (b'*', b'/') => (self.at, depth) = (self.at + 2, depth - 1),
                _ => self.at += 1,
            }
            if depth == 0 {
                break;
            }
        }
        self.comment(start);
    }

    /// A doubled quote ends one string and begins the next, which comes to the same; only E strings know backslashes, and go on
    /// after white space with a line end in it.
    fn string(&mut self, escapes: bool) {
        loop {
            self.at += 1;
            while self.at < self.bytes.len() && self.bytes[self.at] != b'\'' {
                self.at += if escapes && self.bytes[self.at] == b'\\' { 2 } else { 1 };
            }
            self.at = (self.at + 1).min(self.bytes.len());
            if !escapes {
                return;
            }
            let rest = &self.text.get(self.at..).unwrap_or_default();
            let next = rest.trim_start_matches(is_space);
            let gap = &rest[..rest.len() - next.len()];
            if !next.starts_with('\'') || !(gap.is_empty() || gap.contains(['\n', '\r'])) {
                return;
            }
            self.at += gap.len();
        }
    }

    fn quoted_identifier(&mut self) {
        self.at += 1;
        self.skip(|b| b != b'"');
        self.at = (self.at + 1).min(self.bytes.len());
        self.copy.words += 1;
    }

    /// `$tag$ ... $tag$`; a parameter such as `$1` is none.
    fn dollar(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.peek(0).is_ascii_digit() {
            return;
        }
        self.skip(|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80);
        if self.peek(0) != b'$' {
            return;
        }
        self.at += 1;
        let tag = &self.text[start..self.at];
        self.at = self.text[self.at..].find(tag).map_or(self.text.len(), |found| self.at + found + tag.len());
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || b >= 0x80);
        let word = &self.text[start..self.at];
        if word.eq_ignore_ascii_case("e") && self.peek(0) == b'\'' {
            return self.string(true);
        }
        let copy = &mut self.copy;
        if copy.words == 0 {
            (copy.start, copy.is_copy) = (start, word.eq_ignore_ascii_case("copy"));
        }
        copy.words += 1;
        copy.stdin |= copy.from && word.eq_ignore_ascii_case("stdin");
        copy.from = word.eq_ignore_ascii_case("from");
    }

    fn semicolon(&mut self) -> Result<(), ParseError> {
        let copy = std::mem::take(&mut self.copy);
        self.found.semicolons.push(self.at);
        self.at += 1;
        if copy.is_copy && copy.stdin { self.copy_data(copy.start) } else { Ok(()) }
    }

    /// The rows behind `COPY ... FROM stdin;`, from the next line up to the line `\.`: no SQL, and no schema either.
    fn copy_data(&mut self, statement: usize) -> Result<(), ParseError> {
        let start = self.at;
        let mut line_start = start + self.text[start..].find('\n').map_or(self.text.len() - start, |at| at + 1);
        while line_start < self.text.len() {
            let end = line_start + self.text[line_start..].find('\n').map_or(self.text.len() - line_start, |at| at + 1);
            let is_end = self.text[line_start..end].trim_end_matches(['\n', '\r']) == "\\.";
            line_start = end;
            if is_end {
                self.found.ignored.push(start..line_start);
                self.at = line_start;
                return Ok(());
            }
        }
        Err(ParseError::at(statement, "the rows of COPY ... FROM stdin have no end: a line that says \\."))
    }

    /// pg_dump 17.6 and later wrap their output in `\restrict KEY` and `\unrestrict KEY` (CVE-2025-8714): they say nothing of the
    /// schema. Files that are included are schema files too. What any other command would do, only psql knows.
    fn backslash(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.skip(|b| !matches!(b, b'\n' | b'\r'));
        let text: &'a str = self.text;
        let line = &text[start..self.at];
        let command = line.split(is_space).next().unwrap_or(line);
        let fresh = self.copy.words == 0 && self.text[..start].rsplit(['\n', '\r']).next().is_none_or(|before| before.trim().is_empty());
        if fresh && (matches!(command, "\\restrict" | "\\unrestrict") || is_about_output(command, &line[command.len()..])) {
            self.found.ignored.push(start..self.at);
            return Ok(());
        }
        if fresh && matches!(command, "\\i" | "\\ir" | "\\include" | "\\include_relative") {
            let named = line[command.len()..].trim_matches(is_space);
            let path = named.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(named);
            if path.is_empty()
                || path.contains(['\'', '`', '\\', '"'])
                || path.starts_with([':', '~'])
                || path == named && path.contains(is_space)
            {
                return Err(ParseError::at(start, format!("{command} wants the plain name of one file")));
            }
            self.found.ignored.push(start..self.at);
            self.found.includes.push(Include { path, span: start..self.at });
            return Ok(());
        }
        Err(ParseError::at(start, format!("{command} is a command of psql, not SQL; schema files hold SQL only")))
    }
}

/// Whether a command of psql only says what psql shows, or what it does after an error (psql's manual, "Meta-Commands" and "Variables").
/// Another command may stand on the same line, behind a backslash, and a shell's behind a backtick.
fn is_about_output(command: &str, rest: &str) -> bool {
    const SETTINGS: &[&str] = &["ON_ERROR_STOP", "ON_ERROR_ROLLBACK", "QUIET", "ECHO", "ECHO_HIDDEN", "VERBOSITY", "SHOW_CONTEXT"];
    if rest.contains(['\\', '`']) {
        return false;
    }
    match command {
        "\\echo" | "\\qecho" | "\\warn" | "\\pset" | "\\timing" | "\\x" | "\\t" | "\\a" => true,
        "\\set" | "\\unset" => rest.split_whitespace().next().is_some_and(|name| SETTINGS.contains(&name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<&str> {
        comments(text).unwrap_or_else(|error| panic!("{text}: {error}")).into_iter().map(|comment| comment.text).collect()
    }

    #[test]
    fn comments_are_told_from_strings() {
        assert_eq!(found("a -- b\r\n'--c' \"--d\" /* e /* f */ */ $g$ --h $g$ -- i"), ["-- b", "/* e /* f */ */", "-- i"]);
        assert_eq!(found("E'\\'--a' e'b'\n'\\'--c' 'd\\' --e"), ["--e"]);
        assert_eq!(found("a$b$ -- c $b$\n$1 +-- d\n x$$ --e"), ["-- c $b$", "-- d", "--e"]);
    }

    proptest! {
        /// Whatever the text, positions stay within it and at character boundaries, which slicing proves.
        #[test]
        fn any_text_is_taken(parts in prop::collection::vec(prop::sample::select(vec![
            "'", "\"", "$", "$a$", "$$", "E'", "\\", "--", "/*", "*/", "\n", "\r", ";", "é", "😀", "a", "1", " ", "copy", "from", "stdin",
            "-- trueup:", " renamed from ", "allow(", ")", "\u{feff}", "\\restrict x", "SELECT 1", "\0",
        ]), 0..24)) {
            let text = parts.concat();
            for comment in comments(&text).unwrap_or_default() {
                prop_assert_eq!(&text[comment.span.clone()], comment.text);
            }
            for statement in crate::sql::parse_file(&text).unwrap_or_default() {
                prop_assert!(!text[statement.span].is_empty());
            }
        }
    }
}
